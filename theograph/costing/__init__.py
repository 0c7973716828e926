"""What events cost: unit costs, pricing, restating and spreading over months."""

from theograph.costing.indices import LATEST_PRICE_YEAR, restate
from theograph.costing.price import price_events
from theograph.costing.recorded import is_sterling
from theograph.costing.spread import spread_cost_by_month
from theograph.costing.unit_cost_line import UnitCostLine
from theograph.costing.unit_costs import UnitCosts, load_unit_costs

__all__ = [
    "LATEST_PRICE_YEAR",
    "UnitCostLine",
    "UnitCosts",
    "is_sterling",
    "load_unit_costs",
    "price_events",
    "restate",
    "spread_cost_by_month",
]
