"""The demo portals, a file each; `PORTALS` has them by stem."""

from demo.portal import Portal
from demo.portals.backan import BacKan
from demo.portals.dienbien import DienBien
from demo.portals.hijacked import Hijacked
from demo.portals.laichau import LaiChau
from demo.portals.sapa import SaPa
from demo.portals.tamduong import TamDuong

PORTALS: dict[str, type[Portal]] = {
    portal.stem: portal for portal in (LaiChau, DienBien, SaPa, BacKan, TamDuong, Hijacked)
}
