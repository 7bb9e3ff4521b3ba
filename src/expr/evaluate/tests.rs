mod domain;
mod logic;
mod number;
mod text;
mod time;
mod whole_table;
