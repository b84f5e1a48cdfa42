-- Every claim stays: a code that the crosswalk does not hold is unknown-code, one without target no-target.
-- The join is by code alone. For codes of other years, ICD-9-CM and cells of several codes: teneleven map --batch.
SELECT
    claims.*,
    crosswalk.expression AS icd11_expression,
    list_aggregate(crosswalk.titles, 'string_agg', '; ') AS icd11_titles,
    crosswalk.representation AS icd11_representation,
    crosswalk.relationship AS icd11_relationship,
    crosswalk.confidence AS icd11_confidence,
    CASE
        WHEN crosswalk.source_code IS NULL THEN 'unknown-code'
        WHEN crosswalk.expression IS NULL THEN 'no-target'
        ELSE 'mapped'
    END AS icd11_status
FROM {{ ref('claims') }} AS claims
LEFT JOIN {{ source('teneleven', 'crosswalk') }} AS crosswalk
    ON replace(crosswalk.source_code, '.', '') = replace(upper(claims.dx), '.', '')
    AND coalesce(crosswalk.rank, 1) = 1
