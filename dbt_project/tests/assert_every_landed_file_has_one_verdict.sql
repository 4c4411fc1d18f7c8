-- A file that fell through would be neither refused nor in force.
{{ rows_without_one_verdict(
    source('landed', 'files'), ref('checked_files'), is_landed_by_night()
) }}
