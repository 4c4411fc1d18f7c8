create table lamp (
    lamp_id text primary key, pole_no text, circuit_id text, segment_id text,
    town_code text, road_class text, power_w numeric, lon double precision,
    lat double precision, control text, in_service_from date, in_service_to date,
    updated_at timestamp
);
create table switch_plan (
    circuit_id text, night_date date, on_at timestamp, off_at timestamp,
    updated_at timestamp, primary key (circuit_id, night_date)
);
create table lamp_telemetry (
    lamp_id text, ts timestamp, power_state text, online boolean, power_w numeric
);
create table planned_outage (
    outage_id text primary key, circuit_id text, starts_at timestamp,
    ends_at timestamp, reason text, approver text, updated_at timestamp
);
create table lamp_fault (
    fault_id text primary key, lamp_id text, found_at timestamp, found_by text,
    grade text, due_at timestamp, fixed_at timestamp, cause text, case_id text,
    updated_at timestamp
);
create schema simulator;
create table simulator.progress (county text, until date);
