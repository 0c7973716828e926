"""FHIR R4 and UK Core: bundles, bulk exports and single resources, flattened to rows of text.

The rows are joined by the family `fhir` and read by the mappings `fhir_*`. What was decided where
FHIR leaves it open:

- A date known only to the year or month is never completed. A condition falls back on the day it
  was recorded, then on its encounter; an event without a day is set aside.
- What has no end goes on only where its status says so.
- A claim and the statement that answers it are one cost: of the medicine, if it is for a
  prescription, else of the one encounter that its items name. Any other is set aside, uncounted.
- What was done at an encounter is an event of the encounter's spell, so that a stay with four
  procedures is one stay and costed once.
- An appointment that led to an encounter is told by the encounter; one that is not booked yet is
  set aside.
- People are joined by NHS number, and by ids that hold everywhere. `Patient/1` holds on its own
  server only: where two people of an import share it, what refers to it is set aside.
"""

from theograph.sources.fhir.reader import read_fhir, refuse_xml

__all__ = ["read_fhir", "refuse_xml"]
