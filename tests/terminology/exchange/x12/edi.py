"""X12 files written by hand, a segment per line, with whatever delimiters a test wants. Nobody is in them."""

from __future__ import annotations

ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
    "*260815*1200*^*00501*000000001*0*T*:"
)

PROFESSIONAL = """
HL*1**20*1
NM1*85*2*CLINIC*****XX*1234567893
HL*2*1*22*0
SBR*P*18*******MB
NM1*IL*1*DOE*JAN****MI*SECRET123
DMG*D8*19500816*F
CLM*CLAIM-1*120***11:B:1*Y*A*Y*Y
HI*ABK:E119*ABF:I10
LX*1
SV1*HC:G0447:25:RT*80*UN*2***1:2
DTP*472*D8*20260815
LX*2
SV1*HC:J1885*40*UN*1*22**2
DTP*472*RD8*20260816-20260817
LIN**N4*00000000001
"""

INPATIENT = """
HL*1**20*1
HL*2*1*22*0
SBR*P*18*******MA
DMG*D8*19700101*M
CLM*STAY-1*900***11:A:1**A*Y*Y
DTP*096*TM*1100
DTP*434*RD8*20260901-20261003
DTP*435*DT*202609011530
CL1*1*1*01
HI*ABK:K3580:::::::Y
HI*ABJ:R109
HI*ABF:I10:::::::1*ABF:E119:::::::N
HI*ABN:W19XXXA:::::::Y
HI*BBR:0DTJ4ZZ:D8:20260902
HI*BG:C5*BG:45
LX*1
SV2*0120**900*DA*3
"""


def interchange(
    body: str, *, guide: str = "005010X222A1", number: str = "837", isa: str = ISA, ends: str = "~\n"
) -> bytes:
    """Return a file with one transaction of these segments."""
    functional = {"837": "HC", "835": "HP", "277": "HN"}.get(number, "XX")
    lines = [
        isa,
        f"GS*{functional}*SENDER*RECEIVER*20260815*1200*1*X*{guide}",
        f"ST*{number}*0001*{guide}",
        "BHT*0019*00*1*20260815*1200*CH",
        *body.strip().splitlines(),
        "SE*9*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(line + ends for line in lines).encode()
