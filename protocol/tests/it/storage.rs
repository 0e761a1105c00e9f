//! Storage on plain memory keeps the contract that SQLite keeps (SPEC, ST).

use crate::{memory::Memory, storage_contract as contract};

#[test]
fn every_storage_keeps_the_contract() {
    contract::keeps_the_contract(Memory::default);
}

#[test]
fn st1_before_the_beginning_everything_is_empty() {
    contract::before_the_beginning_everything_is_empty(&Memory::default());
}

#[test]
fn st2_a_beginning_is_written_once() {
    contract::a_beginning_is_written_once(&mut Memory::default());
}

#[test]
fn st3_entries_are_dense_and_named_once() {
    contract::entries_are_dense_and_named_once(&mut Memory::default());
    contract::every_content_comes_back_as_it_was(&mut Memory::default());
}

#[test]
fn st4_pages_and_heads_are_of_one_view() {
    contract::views_and_pages(&mut Memory::default());
}

#[test]
fn st5_receipts_are_one_per_participant() {
    contract::receipts_are_one_per_participant(&mut Memory::default());
}

#[test]
fn st6_the_standing_is_the_newest_of_each() {
    contract::the_standing_is_the_newest_of_each(&mut Memory::default());
}

#[test]
fn st7_duty_is_what_was_said_last() {
    contract::duty_is_what_was_said_last(&mut Memory::default());
}

#[test]
fn st8_files_are_kept_until_they_are_let_go() {
    contract::files_are_kept_until_they_are_let_go(&mut Memory::default());
}
