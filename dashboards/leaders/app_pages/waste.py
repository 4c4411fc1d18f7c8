"""垃圾: where waste comes from, where it goes, and whether the weights agree."""

from dashboards import shell
from dashboards.leaders import components, pages, sector_queries, sector_sheets

INDICATORS = ("I07", "I08", "I09", "I10", "I11", "I12")

page = pages.head()
uses = sector_queries.facility_use(page.edition)
month, _ = pages.open_page("垃圾", page, [use.month for use in uses])
names = {use.facility_id: use.facility_name for use in uses}

shell.show(components.reading_cards(page.edition, INDICATORS, month))
flows = sector_queries.flows(page.edition, month)
with shell.sheet("flow", "从乡镇到处理", "线的粗细是净重；进场磅单，作废的不计"):
    shell.show(
        sector_sheets.flow_picture(flows, month)
        or pages.quiet("这个月没有能画出来的流向。")
    )
    shell.show(sector_sheets.flow_table(flows))
with shell.sheet("balance", "进出平衡", "差额最大的在前；库存和水分会有少量差额"):
    balances = sector_queries.balances(page.edition, month)
    shell.show(sector_sheets.balance_table(balances, names))
with shell.sheet("use", "设施负荷", "能力按规划的各种说法给出区间"):
    shell.show(sector_sheets.use_table([use for use in uses if use.month == month]))
