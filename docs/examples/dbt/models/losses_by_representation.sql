-- How much of the volume says the same in ICD-11.
SELECT icd11_status, icd11_representation, count(*) AS claims
FROM {{ ref('claims_in_icd_11') }}
GROUP BY ALL
ORDER BY claims DESC
