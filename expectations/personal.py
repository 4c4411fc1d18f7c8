"""The gate on typed texts: nobody's name or number where a place or a reason belongs.

The audit provides `personal_texts`: where the scanner found something, never the text.
"""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check

PERSONAL = (
    Check(
        title="个人信息",
        rows="select mart, column_name, record, kind from personal_texts",
        where=("mart", "column_name", "record"),
        suite=ExpectationSuite(
            name="personal_texts",
            expectations=[
                gxe.ExpectColumnValuesToBeNull(
                    column="kind",
                    severity="warning",
                    notes="领导页数据的文字里有疑似个人信息（只列出表、列和记录，不列原文）。"
                    "地点、名称、依据等在领导页上已隐去；编号和单位名没有隐去。"
                    "请报送单位在源头改正后重新报送。",
                ),
            ],
        ),
    ),
)
