-- Closing rates (I18, X06c): a case ends when it is closed.
{{ due_cases('closed_at') }}
