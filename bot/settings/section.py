"""What every table of the file is."""

from pydantic import BaseModel, ConfigDict, SecretStr

NO_SECRET = SecretStr("")


class Section(BaseModel):
    """A table of the file: unknown keys are refused, nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)
