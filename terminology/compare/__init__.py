"""One code side by side: ICD-10-CM and ICD-11, in general and per care setting."""

from terminology.compare.side_by_side import compare_code

__all__ = ["compare_code"]
