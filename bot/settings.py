"""Settings: from the environment, or from a file `.env` in the folder that the bot is started in."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is wrong; the sentence says which and what to do. Never holds the setting's value."""


class Settings(BaseSettings):
    """Every setting that there is; `.env.example` explains each. Keys that nobody knows are ignored."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_prefix="BOOKCLUB_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    knowledge: Path | None = None
    book: str | None = None
    data: Path = Path("data")
    shard: str | None = Field(default=None, pattern=r"^[0-9]{1,4}/[1-9][0-9]{0,3}$")
    database: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")


def read_settings() -> Settings:
    """The settings. Raises SettingsError, which names what is wrong and shows no value."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(_written(str(detail["loc"][0])) for detail in error.errors(include_input=False))
        raise SettingsError(f"The setting {names} is not usable. Compare it with .env.example.") from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError("The file .env cannot be read. Save it as UTF-8 text, or remove it.") from None


def _written(name: str) -> str:
    """A setting as it is written in .env."""
    return name if name.isupper() else f"BOOKCLUB_{name}".upper()
