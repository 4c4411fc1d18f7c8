"""Words: everything the site says that is not data, in Chinese and English."""

from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "site": ("竹山县城市管理指标公开", "Zhushan County urban management indicators"),
    "publisher": ("竹山县城市管理执法局", "Zhushan County Urban Management Bureau"),
    "about": (
        "规划指标、目标、口径、质量和历次修订，全部可核对、可下载。",
        "Indicators, targets, definitions, quality and revisions, open to check and "
        "download.",
    ),
    "skip": ("跳到正文", "Skip to content"),
    "menu": ("主要栏目", "Main sections"),
    "tools": ("语言和显示", "Language and display"),
    "feed": ("发布订阅（Atom）", "Releases (Atom feed)"),
    "release": ("发布版", "Release"),
    "published": ("公布时间", "Published"),
    "as_of": ("数据截至", "Data as of"),
    "nothing": ("目前没有有效的发布版", "No release is in force"),
    "nothing_long": (
        "发布版经审核批准并公布后，各项指标会出现在这里。",
        "The indicators will appear here once a release has been approved.",
    ),
    "progress": ("指标进展", "Progress"),
    "datasets": ("数据下载", "Datasets"),
    "methodology": ("口径与方法", "Methodology"),
    "changes": ("变更", "What changed"),
    "corrections": ("更正登记", "Corrections"),
    "releases": ("历次发布", "Releases"),
    "accessibility": ("无障碍声明", "Accessibility statement"),
    "contact": ("联系与依申请公开", "Contact and information requests"),
    "met": ("达标", "met the target"),
    "short": ("未达标", "missed the target"),
    "unsure": ("数据不完整或无数据", "incomplete or without figure"),
    "plain": ("无目标值", "without a target"),
    "target": ("目标", "Target"),
    "quality": ("数据质量", "Data quality"),
    "trend": ("各月变化", "Over time"),
    "by_town": ("各乡镇", "By town"),
    "definition": ("口径", "Definition"),
    "official_wording": (
        "",
        "The definition and the plan's words stand in Chinese, which is the official "
        "wording.",
    ),
    "scope": ("范围", "Scope"),
    "formula": ("公式", "Formula"),
    "sources": ("数据来源", "Sources"),
    "owner": ("责任单位", "Responsible body"),
    "method": ("说明", "Notes"),
    "version": ("版本", "version"),
    "target_source": ("目标依据", "Where the target is written"),
    "no_target": ("规划没有为这项指标定目标值。", "The plan sets no target for it."),
    "revisions": ("当时公布与现在公布", "As published and as known now"),
    "revisions_long": (
        "下表列出先后公布过不同数值、目标或公式的周期；完整的历次公布见下载。",
        "Periods for which different values, targets or formulas were published; the "
        "whole history is among the downloads.",
    ),
    "no_revisions": ("公布以来没有改动。", "Nothing has changed since publication."),
    "downloads": ("下载", "Downloads"),
    "permanent": ("永久地址", "Permanent address"),
    "latest": ("最新地址", "Latest address"),
    "this_release": ("本版说明", "About this release"),
    "reason": ("发布原因", "Reason"),
    "roles": ("审签", "Cleared by"),
    "verify": (
        "下载全部文件后，可以离线核对每个文件是否与公布时一致：",
        "After downloading the files anyone can check them offline:",
    ),
    "verify_code": ("核对命令", "Command to verify"),
    "no_changes": (
        "与上一版相比没有修订、更正或撤回。",
        "No revision, correction or withdrawal against the release before.",
    ),
    "changes_caption": (
        "修订、更正和撤回（不含首发）", "Revisions, corrections and withdrawals",
    ),
    "values_caption": ("全县各周期数值", "Values of the county by period"),
    "vintage_caption": ("改动过的周期的历次公布", "Publications of changed periods"),
    "fields": ("字段说明", "Fields"),
}  # fmt: skip
_HEADS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "changes_head": (
        ("指标", "周期", "区域", "类别", "原值", "现值", "原因"),
        ("Indicator", "Period", "Area", "Kind", "Old", "New", "Reason"),
    ),
    "values_head": (
        ("周期", "数值", "目标", "记录数", "状态", "质量", "说明"),
        ("Period", "Value", "Target", "Records", "Status", "Quality", "Note"),
    ),
    "town_head": (
        ("乡镇", "数值", "记录数", "说明"), ("Town", "Value", "Records", "Note"),
    ),
    "vintage_head": (
        ("周期", "公布时间", "发布版", "数值", "目标", "公式", "现状"),
        ("Period", "Published", "Release", "Value", "Target", "Formula", "Standing"),
    ),
    "corrections_head": (
        ("编号", "指标", "周期", "错误值", "更正值", "处理", "状态", "原因"),
        ("No.", "Indicator", "Period", "Wrong", "Right", "Action", "Status", "Reason"),
    ),
    "fields_head": (
        ("英文信息项名", "数据类型", "中文描述"), ("Name", "Type", "Description (zh)"),
    ),
}  # fmt: skip
MENU: Final = (
    "index", "datasets", "methodology", "changes", "corrections", "releases",
)  # fmt: skip
_MENU_WORD: Final = {"index": "progress"}
GROUPS_EN: Final = {
    "市容环境整治": "Street scene",
    "垃圾综合治理": "Waste",
    "园林路灯管理": "Parks and street lighting",
    "城管执法建设": "Enforcement and service",
}


def words(language: str) -> dict[str, object]:
    """Return the words of one language by key."""
    which = 0 if language == "zh" else 1
    said: dict[str, object] = {key: pair[which] for key, pair in _WORDS.items()}
    return said | {key: pair[which] for key, pair in _HEADS.items()}


def menu(language: str) -> list[tuple[str, str]]:
    """Return the main sections: file name and label."""
    said = words(language)
    return [(key, str(said[_MENU_WORD.get(key, key)])) for key in MENU]


def methodology(language: str) -> list[dict[str, object]]:
    """Say how figures are made, frozen, judged, hidden and changed."""
    if language == "zh":
        return [
            {"title": "数从哪里来", "paragraphs": [
                "每晚从案卷平台、地磅、环卫作业日报、路灯控制系统和各单位台账取数，逐行检查，"
                "不合规则的隔离并退回提供单位改正。每个指标由一条公式从记录算出，季度和年度是"
                "各月之和，从不平均各月的比率。",
                "周期结束后第五个工作日 24:00 冻结为终报数，只公布终报数。"]},
            {"title": "数值怎么写", "paragraphs": [
                "数值四舍五入到两位小数；没有达到的目标不会因此显示为达到。状态按未舍入的数值"
                "判断。没有数据就写明原因，绝不写成零。"]},
            {"title": "哪些数不显示", "paragraphs": [
                "与人有关的案件和投诉，件数为 1–4 件的隐去；比率的分母不足 10 件的隐去；能与合计"
                "相减倒推出它们的单元格一并隐去。所有隐去的单元格写法相同，不区分原因。",
                "地点不细于乡镇。姓名、电话、车牌、地址、案件内容和人员轨迹从不公布。"]},
            {"title": "变更怎么标", "paragraphs": [
                "首发：第一次公布。修订：后到的数据使数值改变。更正：承认有错并登记。撤回：不再公布。"
                "每一版与上一版的差别由系统逐项算出；旧版保留在永久地址。",
                "版本号：减少内容或改变公式的升第一位，增加内容的升第二位，只改数值的升第三位。"]},
        ]  # fmt: skip
    return [
        {"title": "Where the figures come from", "paragraphs": [
            "Every night records are taken from the case platform, weighbridges, cleaning "
            "reports, the street-light system and registers. Each row is checked; a row "
            "that breaks a rule is set aside and sent back. One formula computes one "
            "indicator from records; quarters and years are sums of months, never "
            "averages of rates.",
            "Figures freeze at 24:00 of the fifth working day after the period; only "
            "frozen figures are published."]},
        {"title": "How values are written", "paragraphs": [
            "Values are rounded half up to two decimals, but a missed target never "
            "reads as met. Where there is no figure the reason is given; it is never "
            "zero."]},
        {"title": "What is not shown", "paragraphs": [
            "Counts of 1–4 cases or complaints, ratios with fewer than ten cases, and "
            "whatever would let them be worked out from totals. All hidden cells look "
            "alike. No place is finer than a town. Names, phones, plates, addresses and "
            "case texts are never published."]},
        {"title": "How changes are marked", "paragraphs": [
            "First release, revision (later data), correction (an error owned up to), "
            "withdrawal. Every difference from the release before is computed; old "
            "releases stay at their addresses.",
            "Versions: the first number rises when something is removed or redefined, the "
            "second when figures are added, the third when values change."]},
    ]  # fmt: skip


def accessibility(language: str) -> list[dict[str, object]]:
    """Say how the site can be used, and what to do when it cannot."""
    if language == "zh":
        return [
            {"title": "标准", "paragraphs": [
                "本站按《无障碍环境建设法》第三十二条和 WCAG 2.2 AA 级制作，每次发布用 axe "
                "自动检查全部页面。"]},
            {"title": "可以怎样使用", "items": [
                "不需要 JavaScript，不使用 Cookie，不从外部加载任何内容。",
                "可以只用键盘；每页有“跳到正文”；焦点清晰可见。",
                "每张图都有同页的数据表和文字说明；状态同时用文字和符号表示，不只靠颜色。",
                "320 像素宽、放大 400% 时不需要横向滚动（数据表可在自己的框内滚动）。",
                "“大字版”字体更大、内容更少；页面可以打印；公报有 Word 和带标签的 PDF。"]},
            {"title": "不能用时", "paragraphs": [
                "阅读有困难或视听障碍的，可以要求以其他形式提供（政府信息公开条例第四十三条），"
                "见“联系与依申请公开”。"]},
        ]  # fmt: skip
    return [
        {"title": "Standard", "paragraphs": [
            "The site is made to WCAG 2.2 level AA; all pages are checked with axe at "
            "each release."]},
        {"title": "How it can be used", "items": [
            "No JavaScript, no cookies, nothing loaded from elsewhere.",
            "By keyboard alone, with a skip link and a visible focus.",
            "Every chart has its table and a summary; status is never by colour alone.",
            "At 320 pixels and 400 % zoom without sideways scrolling (data tables scroll "
            "in their own frame).",
            "The bulletin is available as Word and as tagged PDF."]},
        {"title": "If something does not work", "paragraphs": [
            "You may ask for another format; see Contact."]},
    ]  # fmt: skip


def contact(language: str, reach: str) -> list[dict[str, object]]:
    """Say whom to ask, and how to request information."""
    if language == "zh":
        return [
            {"title": "联系", "paragraphs": [
                reach or "请向竹山县城市管理执法局办公室或政务服务窗口联系。"]},
            {"title": "依申请公开", "paragraphs": [
                "没有主动公开的信息，可以依照《政府信息公开条例》第二十七条、第二十九条申请。"
                "申请应写明姓名或名称、身份证明、联系方式，所需信息的名称、文号或便于查询的特征，"
                "以及希望的形式和取得方式。",
                "收到申请后能当场答复的当场答复，不能的在 20 个工作日内答复；需要延长的最多再延长 "
                "20 个工作日（第三十三条）。"]},
            {"title": "发现数有错", "paragraphs": [
                "请写明指标编号、周期、发布版编号和理由。核实后登记更正并公布新版，旧版保留。"]},
        ]  # fmt: skip
    return [
        {"title": "Contact", "paragraphs": [
            reach or "Please contact the office of the Zhushan County Urban Management "
            "Bureau."]},
        {"title": "Requesting information", "paragraphs": [
            "Information that is not published may be requested under the Regulations on "
            "Open Government Information. A request is answered within 20 working days, "
            "which may be extended once by 20."]},
        {"title": "Reporting an error", "paragraphs": [
            "Please name the indicator, the period, the release and your reason. Confirmed "
            "errors are registered and a new version is published; the old one stays."]},
    ]  # fmt: skip
