-- Disposal rates (I03, I04, I05): a case ends when it is disposed of.
{{ due_cases('disposed_at') }}
