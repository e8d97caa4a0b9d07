//! The registry's service on every database there is, without a gateway.

mod support;

mod clash;
mod consent;
mod expelling;
mod foreign;
mod ground;
mod hidden_values;
mod hostile;
mod lifecycle;
mod lists;
mod model;
mod owner;
mod plain;
mod publish;
mod reads;
mod recorded;
mod returning;
mod start;
