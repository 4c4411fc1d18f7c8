"""重点项目: the plan's projects, how far they are and what is said of them."""

from dashboards import shell, wording
from dashboards.leaders import components, pages, sector_queries, sector_sheets

page = pages.head()
projects = sector_queries.projects(page.edition)
as_of = f"数据截至 <b>{wording.day(page.as_of)} 24:00</b>"
shell.show(f'<h1>重点项目</h1><p class="asof">{as_of}</p>')
shell.show(components.stale_notice(page.as_of, shell.yesterday()))
if not projects:
    pages.empty("还没有重点项目")
shell.show(sector_sheets.project_list(projects))
