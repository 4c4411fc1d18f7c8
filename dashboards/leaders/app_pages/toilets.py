"""公厕: every public toilet's stars, the fewest first."""

from dashboards import shell
from dashboards.leaders import pages, queries, sector_queries, sector_sheets

page = pages.head()
toilets = sector_queries.toilets(page.edition)
month, _ = pages.open_page("公厕", page, [one.month for one in toilets])
towns = queries.area_names(page.edition, month)
of_month = [one for one in toilets if one.month == month]

with shell.sheet(
    "toilets", f"公厕星级 {len(of_month)} 座", "星级低的在前；季度星级按季内各月"
):
    shell.show(sector_sheets.toilet_table(of_month, towns))
