"""Block Kit's limits: accepted at the bound, refused one over."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.slack.block_rules import check_message_blocks
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.view_rules import check_view


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def option(value: int | str, text: int = 5, **more: Any) -> Json:
    return {"text": plain(text), "value": value if isinstance(value, str) else "v" * value, **more}


def options(count: int) -> list[Json]:
    return [option(f"value {number}") for number in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(5), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(length: int = 5, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}, **more}


def asking(element: Json, label: int = 5, **more: Any) -> Json:
    return {"type": "input", "label": plain(label), "element": element, **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", **more}


def confirm(title: int = 5, text: int = 5, yes: int = 5, no: int = 5) -> Json:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a", **more}


def table(rows: int, columns: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def data_table(count: int = 1, columns: int = 1, **more: Any) -> Json:
    """With a header."""
    cells = [[{"type": "raw_text", "text": "x"}] * columns] * (count + 1)
    return {"type": "data_table", "caption": "c", "rows": cells, **more}


TEXT_INPUT = {"type": "plain_text_input"}

Build = Callable[[int], Json]

AT_MOST: dict[str, tuple[int, Build]] = {
    "section text": (3000, section),
    "section field": (2000, lambda n: {"type": "section", "fields": [plain(n)]}),
    "section fields": (10, lambda n: {"type": "section", "fields": [plain(1)] * n}),
    "header": (150, lambda n: {"type": "header", "text": plain(n)}),
    "context elements": (10, lambda n: {"type": "context", "elements": [plain(1)] * n}),
    "actions elements": (25, lambda n: actions(*[button()] * n)),
    "markdown": (12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    "image url": (3000, lambda n: image(image_url="x" * n)),
    "image alt": (2000, lambda n: image(alt_text="x" * n)),
    "image title": (2000, lambda n: image(title=plain(n))),
    "input label": (2000, lambda n: asking(TEXT_INPUT, n)),
    "input hint": (2000, lambda n: asking(TEXT_INPUT, hint=plain(n))),
    "table rows": (100, table),
    "table columns": (20, lambda n: table(1, n)),
    "table characters": (10_000, lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * n}]]}),
    "data table rows": (100, data_table),
    "data table columns": (20, lambda n: data_table(1, n)),
    "data table page": (100, lambda n: data_table(page_size=n)),
    "data table characters": (
        9_999,
        lambda n: data_table(rows=[[{"type": "raw_text", "text": t}] for t in ("a", "x" * n)]),
    ),
    "block id": (255, lambda n: section(block_id="x" * n)),
    "action id": (255, lambda n: actions(button(action_id="x" * n))),
    "button text": (75, lambda n: actions(button(text=plain(n)))),
    "button value": (2000, lambda n: actions(button(value="x" * n))),
    "button url": (3000, lambda n: actions(button(url="x" * n))),
    "button label": (75, lambda n: actions(button(accessibility_label="x" * n))),
    "placeholder": (150, lambda n: asking(TEXT_INPUT | {"placeholder": plain(n)})),
    "select options": (100, lambda n: actions(select(options=options(n)))),
    "option groups": (100, lambda n: actions(select(option_groups=[{"label": plain(1), "options": options(1)}] * n))),
    "group label": (75, lambda n: actions(select(option_groups=[{"label": plain(n), "options": options(1)}]))),
    "option text": (75, lambda n: actions(select(options=[option("a", n)]))),
    "option value": (150, lambda n: actions(select(options=[option(n)]))),
    "option description": (75, lambda n: actions(select(options=[option("a", description=plain(n))]))),
    "overflow": (5, lambda n: section(accessory={"type": "overflow", "options": options(n)})),
    "checkboxes": (10, lambda n: actions({"type": "checkboxes", "options": options(n)})),
    "check box text": (75, lambda n: actions({"type": "checkboxes", "options": [option("a", n)]})),
    "check box note": (
        75,
        lambda n: actions({"type": "checkboxes", "options": [option("a", description=plain(n))]}),
    ),
    "radio buttons": (10, lambda n: actions({"type": "radio_buttons", "options": options(n)})),
    "confirm title": (100, lambda n: actions(button(confirm=confirm(title=n)))),
    "confirm text": (300, lambda n: actions(button(confirm=confirm(text=n)))),
    "confirm yes": (30, lambda n: actions(button(confirm=confirm(yes=n)))),
    "confirm no": (30, lambda n: actions(button(confirm=confirm(no=n)))),
    "files": (10, lambda n: asking({"type": "file_input", "max_files": n})),
    "text input": (3000, lambda n: asking(TEXT_INPUT | {"initial_value": "x" * n})),
    "text input length": (3000, lambda n: asking(TEXT_INPUT | {"max_length": n})),
    "video title": (200, lambda n: video(title=plain(n))),
    "video author": (50, lambda n: video(author_name="x" * n)),
}


def video(**more: Any) -> Json:
    addresses = {"video_url": "https://x.example", "thumbnail_url": "https://x.example", "alt_text": "a"}
    return {"type": "video", "title": plain(1), **addresses, **more}


@pytest.mark.parametrize("name", AT_MOST)
def test_a_block_at_its_limit_passes_and_one_over_does_not(name: str) -> None:
    """Every figure that is documented."""
    most, build = AT_MOST[name]
    check_message_blocks([build(most)])
    with pytest.raises(ApiError) as caught:
        check_message_blocks([build(most + 1)])

    assert caught.value.code == "invalid_blocks"
    assert "[json-pointer:/blocks/0" in caught.value.messages[0]


def test_fifty_blocks_pass_and_one_more_does_not() -> None:
    """In messages."""
    check_message_blocks([{"type": "divider"}] * 50)
    with pytest.raises(ApiError, match="invalid_blocks"):
        check_message_blocks([{"type": "divider"}] * 51)


def test_all_blocks_together_have_a_limit() -> None:
    """Each section is small enough, the message is not."""
    full = [section(3000)] * 4
    check_message_blocks([*full, section(1200)])
    with pytest.raises(ApiError, match="msg_blocks_too_long"):
        check_message_blocks([*full, section(1201)])


def test_refusals_are_worded_as_slack_words_them() -> None:
    """With the pointer to the place."""
    with pytest.raises(ApiError) as caught:
        check_message_blocks([{"type": "divider"}, {"type": "header", "text": plain(151)}])

    assert caught.value.body() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["must be less than 151 characters [json-pointer:/blocks/1/text/text]"],
        "response_metadata": {
            "messages": ["[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"]
        },
    }


@pytest.mark.parametrize(
    "block",
    [
        "not a block",
        {"type": "poem"},
        {"type": "section"},
        {"type": "section", "text": "bare string"},
        {"type": "section", "text": {"type": "html", "text": "x"}},
        section(0),
        {"type": "section", "fields": []},
        section(accessory={"type": "plain_text_input"}),
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "header", "text": {"type": "plain_text", "text": "x", "verbatim": True}},
        {"type": "context", "elements": []},
        actions(),
        actions(TEXT_INPUT),
        actions(button(action_id="a"), button(action_id="a")),
        actions(button(style="loud")),
        actions(select()),
        actions(select(options=[])),
        actions(select(options=options(1), option_groups=[])),
        actions(select(options=[option("a"), option("a")])),
        actions(select(options=options(2), initial_option=option("other"))),
        actions({"type": "checkboxes", "options": []}),
        actions({"type": "checkboxes", "options": [option("a", description={"type": "mrkdwn", "text": "*x*"})]}),
        actions({"type": "checkboxes", "options": [option("a"), option("a")]}),
        actions({"type": "checkboxes", "options": options(2), "initial_options": [option("other")]}),
        actions({"type": "checkboxes", "options": options(2), "initial_options": []}),
        actions({"type": "checkboxes", "options": options(2), "initial_options": options(1)[0]}),
        actions({"type": "checkboxes", "options": options(2), "initial_option": options(1)[0]}),
        actions({"type": "checkboxes", "options": options(2), "placeholder": plain(1)}),
        actions(button(confirm={"title": plain(1)})),
        actions(button(placeholder=plain(3))),
        asking(button()),
        asking(TEXT_INPUT | {"min_length": 9, "max_length": 3}),
        asking({"type": "number_input"}),
        {"type": "input", "element": TEXT_INPUT},
        {"type": "image", "alt_text": "a"},
        image(slack_file={"id": "F0"}),
        {"type": "image", "alt_text": "a", "slack_file": {"id": "F0"}},
        {"type": "image", "alt_text": "a", "slack_file": {}},
        {"type": "image", "alt_text": "a", "slack_file": {"id": "F012345678", "url": "https://x.example"}},
        {"type": "image", "slack_file": {"id": "F012345678"}},
        {"type": "divider", "text": plain(1)},
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "star", "elements": []}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "user"}]}]},
        {"type": "table", "rows": []},
        data_table(0),
        data_table(caption=""),
        data_table(page_size=0),
        data_table(row_header_column_index=-1),
        data_table(rows=[[{"type": "raw_text", "text": "a"}], [{"type": "raw_text", "text": "a"}] * 2]),
        data_table(rows=[[{"type": "rich_text", "elements": []}], [{"type": "raw_text", "text": "a"}]]),
        data_table(column_settings=[]),
        {"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]},
        {"type": "table", "rows": [[{"type": "mrkdwn", "text": "x"}]]},
    ],
)
def test_malformed_blocks_are_refused(block: Any) -> None:
    """Types, enums and what can't be left out."""
    with pytest.raises(ApiError, match="invalid_blocks"):
        check_message_blocks([block])


@pytest.mark.parametrize(
    "block",
    [
        {"type": "divider", "block_id": "d"},
        {"type": "context", "elements": [image(), {"type": "mrkdwn", "text": "x", "verbatim": True}]},
        asking({"type": "users_select", "placeholder": plain(3)}, optional=True, dispatch_action=False),
        section(expand=True, accessory=image()),
        {"type": "image", "alt_text": "a", "slack_file": {"id": "F012345678"}},
        actions(select(options=options(2), initial_option=options(2)[1])),
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "border": 0},
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [{"type": "rich_text_section", "elements": []}],
                },
            ],
        },
        data_table(3, 2, page_size=10, row_header_column_index=1),
        table(2, 2) | {"column_settings": [None, {"align": "right", "is_wrapped": True}]},
    ],
)
def test_well_formed_blocks_pass(block: Json) -> None:
    """What a bot has every right to send."""
    check_message_blocks([block])


def test_block_ids_are_unique_and_tables_alone() -> None:
    """Per message."""
    with pytest.raises(ApiError, match="invalid_blocks"):
        check_message_blocks([section(block_id="a"), section(block_id="a")])
    with pytest.raises(ApiError, match="only_one_table_allowed"):
        check_message_blocks([table(1), table(1)])
    with pytest.raises(ApiError, match="only_one_table_allowed"):
        check_message_blocks([table(1), data_table()])


def test_an_old_workspace_knows_no_tables() -> None:
    """It refuses them as it refuses what never was a block."""
    check_message_blocks([table(1)], unknown=("data_table",))
    with pytest.raises(ApiError, match="invalid_blocks"):
        check_message_blocks([data_table()], unknown=("data_table",))


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": [section()], **more}


VIEW_AT_MOST: dict[str, tuple[int, Build]] = {
    "title": (24, lambda n: modal(title=plain(n))),
    "submit": (24, lambda n: modal(submit=plain(n))),
    "close": (24, lambda n: modal(close=plain(n))),
    "private metadata": (3000, lambda n: modal(private_metadata="x" * n)),
    "callback id": (255, lambda n: modal(callback_id="x" * n)),
    "external id": (255, lambda n: modal(external_id="x" * n)),
    "blocks": (100, lambda n: modal(blocks=[section()] * n)),
}


@pytest.mark.parametrize("name", VIEW_AT_MOST)
def test_a_view_at_its_limit_passes_and_one_over_does_not(name: str) -> None:
    """Every figure of views."""
    most, build = VIEW_AT_MOST[name]
    check_view(build(most), "modal")
    with pytest.raises(ApiError, match="invalid_arguments"):
        check_view(build(most + 1), "modal")


def test_a_view_has_a_size() -> None:
    """250 kB of JSON."""
    with pytest.raises(ApiError, match="view_too_large"):
        check_view(modal(blocks=[section(2900)] * 100), "modal")


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (modal(), "home"),
        ({"type": "home", "blocks": [section()]}, "modal"),
        ({"type": "modal", "title": plain(5)}, "modal"),
        (modal(blocks=[]), "modal"),
        (modal(blocks=[asking(TEXT_INPUT)]), "modal"),
        (modal(blocks=[{"type": "markdown", "text": "x"}]), "modal"),
        (modal(blocks=[table(1)]), "modal"),
        (modal(blocks=[data_table()]), "modal"),
        (modal(colour="blue"), "modal"),
        ({"type": "home", "blocks": [section()], "submit": plain(3)}, "home"),
        (modal(notify_on_close="yes"), "modal"),
    ],
)
def test_malformed_views_are_refused(view: Json, kind: str) -> None:
    """Inputs need a submit button, Home has none."""
    with pytest.raises(ApiError, match="invalid_arguments"):
        check_view(view, kind)
