"""What every table of the file is, and how the types of its keys are read."""

from typing import Any, TypeGuard, get_args

from pydantic import BaseModel, ConfigDict, SecretStr

NO_SECRET = SecretStr("")


class Section(BaseModel):
    """A table of the file: unknown keys are refused, nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


def is_section(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def is_secret(kind: Any) -> bool:
    """Whether a key of this type comes from the environment only: no file with a token in it is ever committed."""
    return kind is SecretStr or SecretStr in get_args(kind)


def entry_type(kind: Any) -> Any:
    """The type of what a table or a list has: of dict[str, Team] it is Team."""
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return arguments[-1] if arguments else Any
