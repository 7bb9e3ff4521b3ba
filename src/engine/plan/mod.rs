//! From a check as written to a [`Plan`]: names resolved, types checked, parameters and facts bound, columns collected.

mod ir;

pub use ir::{
    AggregateOutput, Applies, Calendar, Catalog, Demand, Group, JoinOutput, JoinPlan, LiteralUse, Order, Origin,
    PartnerPlan, Plan, Relation, RowKey, Slot, Source, Step, TextValue, ThresholdInForce, ValuesTable,
};
