"""Files in three steps: an upload address, the bytes, the completion (https://docs.slack.dev/messaging/working-with-files)."""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.limits import FILE_ALT_TEXT, SNIPPET_BYTES
from bot.sandbox.slack.messages import FILE_SHARE, Draft, Messages
from bot.sandbox.slack.model import Channel, File, Message
from bot.sandbox.slack.seeds import Timing
from bot.sandbox.slack.tasks import OwnedTasks
from bot.sandbox.slack.workspace import Workspace

SNIPPETS = {"text", "javascript", "python", "json", "yaml", "xml", "shell", "markdown", "csv", "diff", "html", "sql"}
LARGEST_FILE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Share:
    """Where completed files go."""

    channel: Channel
    thread_ts: str = ""
    comment: str = ""


class Files:
    """Uploaded files and their shares."""

    def __init__(self, *, workspace: Workspace, messages: Messages, timing: Timing) -> None:
        self._workspace = workspace
        self._messages = messages
        self._timing = timing
        self._tasks = OwnedTasks()
        self.files = workspace.files

    def reserve(
        self, *, name: str, size: int, base_url: str, alt_text: str = "", snippet_type: str = "", owner: str = ""
    ) -> File:
        """The file whose bytes are to come; without an `owner` it is the app's."""
        if size <= 0:
            raise ApiError("invalid_arguments", messages=["length must be greater than 0"])
        if size > LARGEST_FILE:
            raise ApiError("file_upload_size_restricted")
        if len(alt_text) > FILE_ALT_TEXT:
            raise ApiError("alt_txt_too_large")
        if snippet_type and snippet_type not in SNIPPETS:
            raise ApiError("unknown_snippet_type")
        if snippet_type and size > SNIPPET_BYTES:
            raise ApiError("snippet_too_large")
        workspace = self._workspace
        file = File(workspace.new_id("F"), name, size, owner or workspace.bot_user, workspace.now_s, base_url)
        file.alt_text, file.snippet_type = alt_text, snippet_type
        self.files[file.id] = file
        return file

    def take_bytes(self, file_id: str, content: bytes) -> None:
        """The bytes must be as many as were announced, and come once."""
        file = self.files.get(file_id)
        if file is None or file.content is not None:
            raise ApiError("file_not_found")
        if len(content) != file.size:
            raise ApiError("invalid_arguments", messages=[f"length was {file.size}, got {len(content)} bytes"])
        file.content = content

    def find(self, file_id: str) -> File:
        file = self.files.get(file_id)
        if file is None or not file.complete:
            raise ApiError("file_not_found")
        return file

    def delete(self, file: File) -> None:
        """The bytes are gone, and so is what showed nothing else."""
        file.content, file.complete = None, False
        for channel_id, ts, _ in file.shares:
            message = self._workspace.channel(channel_id).messages.get(ts)
            if message is None or file not in message.files:
                continue
            message.files = [each for each in message.files if each is not file]
            if message.files or message.text or message.blocks:
                self._messages.note(message)
            else:
                self._messages.delete(message)
        file.shares.clear()

    def complete(self, titles: dict[str, str], shares: list[Share]) -> list[File]:
        """Finish uploads; the message of a share appears a little later, as in Slack."""
        files = self._uploaded(titles)
        for share in shares:
            self._messages.check_thread(share.channel, share.thread_ts)
        for file in files:
            file.complete, file.title = True, titles[file.id] or file.name
        self._tasks.start(self._share(files, shares) if shares else self._process(files))
        return files

    def share(self, channel: Channel, draft: Draft, ids: Sequence[str]) -> Message:
        """A person's message with files that they uploaded, as one."""
        files = self._uploaded(ids)
        if any(file.owner != draft.user for file in files):
            raise ApiError("file_not_found")
        for file in files:
            file.complete, file.processed, file.title = True, True, file.name
        message = self._messages.post(channel, replace(draft, files=tuple(files), subtype=FILE_SHARE))
        for file in files:
            self._note_share(file, message)
        return message

    def _uploaded(self, ids: Collection[str]) -> list[File]:
        """Those of the ids whose bytes are there and that nobody has shared; raises file_not_found."""
        chosen = [self.files.get(file_id) for file_id in ids]
        files = [file for file in chosen if file is not None and file.content is not None and not file.complete]
        if len(files) != len(ids):
            raise ApiError("file_not_found")
        return files

    async def _share(self, files: list[File], shares: list[Share]) -> None:
        await asyncio.sleep(self._timing.share_delay_s)
        for file in files:
            file.processed = True
        for share in shares:
            draft = Draft(
                self._workspace.bot_user, share.comment, by_app=True, thread_ts=share.thread_ts, files=tuple(files)
            )
            with contextlib.suppress(ApiError):
                # The thread's parent may be gone by now; the call has long said ok.
                message = self._messages.post(share.channel, draft)
                for file in files:
                    self._note_share(file, message)

    async def _process(self, files: list[File]) -> None:
        await asyncio.sleep(self._timing.process_delay_s)
        for file in files:
            file.processed = True

    def _note_share(self, file: File, message: Message) -> None:
        file.shares.append((message.channel, message.ts, message.thread_ts))
        event = {"type": "file_shared", "channel_id": message.channel, "file_id": file.id, "user_id": file.owner}
        self._workspace.announce(event | {"file": {"id": file.id}, "event_ts": self._workspace.next_ts()})

    async def close(self) -> None:
        await self._tasks.close()
