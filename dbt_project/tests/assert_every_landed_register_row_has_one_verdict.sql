-- A row that fell through would shrink the register it is counted in.
{{ rows_without_one_verdict(
    source('landed', 'register_rows'), ref('checked_register_rows'), is_landed_by_night()
) }}
