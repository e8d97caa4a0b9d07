//! The service over HTTP.

mod connections;
mod credentials;
mod cross_origin;
mod egress;
mod elsewhere;
mod faults;
mod fixture;
mod host;
mod keys;
mod limits;
mod pages;
mod protocol;
mod rates;
mod refusals;
mod shutdown;
mod tls;
mod withheld;
