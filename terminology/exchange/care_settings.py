"""Where care was given, as files say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from terminology.exchange.tables.columns import plain
from terminology.facility import Setting
from terminology.rule_tables import read_rules


@dataclass(frozen=True, slots=True)
class CareSettingRow:
    """A word or number of a file and the setting it is read as."""

    word: str
    setting: str
    source: str


def care_setting(said: object) -> Setting | None:
    """Return the setting of a word or a CMS place-of-service number; ``None`` for one that is not known.

    >>> care_setting("Emergency Room"), care_setting(21), care_setting("moon")
    (<Setting.EMERGENCY: 'emergency-department'>, <Setting.INPATIENT: 'inpatient'>, None)
    """
    return _settings().get(plain(str(said)))


@cache
def _settings() -> Mapping[str, Setting]:
    rows = read_rules("terminology.exchange", "care_settings.tsv", CareSettingRow)
    return {row.word: Setting(row.setting) for row in rows}
