"""Promises: what the scanner finds, in one list with what it must and must not find.

`docs/personal-data.md` is written from this list, and the tests try every example of it.
A pattern that is not here is not promised.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from cityledger.text import is_unseen

Level = Literal["error", "warning"]

HAN: Final = r"\u3400-\u9fff\U00020000-\U000323af"
# What is written between the groups of a number, or between the parts of a name.
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2043\u2212_/—～~]")
_DOTS: Final = re.compile(r"[•‧・∙⋅･●◦﹒．]")
_STARS: Final = re.compile(r"[*＊✱✳×※#]")
INSIDE_A_NAME: Final = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])")

# The traditional forms of the characters that the patterns ask for.
_SIMPLE: Final = str.maketrans(
    "電話號樓單縣鎮組車郵聯繫機棟層戶門銀賬帳證滬遼蘇贛魯貴粵雲陝甯寧瓊蒙晉冀軍領學"
    "掛試應臨兩貳參陸萬區鄉裏灣園莊衚衕巷寶廣東無線訊薇",
    "电话号楼单县镇组车邮联系机栋层户门银账账证沪辽苏赣鲁贵粤云陕宁宁琼蒙晋冀军领学"
    "挂试应临两贰叁陆万区乡里湾园庄胡同巷宝广东无线讯薇",
)
_HAN_DIGITS: Final = str.maketrans(
    "〇零洞一幺壹妖二两贰三叁四肆五伍六陆七柒拐八捌九玖勾",
    "000111122233445566777889" + "99",
)
_MOST_DIGITS: Final = re.compile(r"(?<![A-Za-z])[\dOoIlSB|](?:[ .-]?[\dOoIlSB|]){6,}")
_LOOK_ALIKES: Final = str.maketrans("OoIl|SB", "0011158")
_FEWEST_DIGITS: Final = 6


@dataclass(frozen=True)
class Seen:
    """A text as it would be typed plainly, and once more with every number in digits."""

    text: str
    digits: str

    @classmethod
    def of(cls, text: str) -> "Seen":
        """Read a text."""
        seen = plain(text)
        digits = seen.translate(_HAN_DIGITS)
        return cls(seen, _MOST_DIGITS.sub(_as_digits, digits))


@dataclass(frozen=True)
class Promise:
    """A kind of personal data, how it is found, and examples of both sides."""

    kind: str
    says: str
    find: Callable[[Seen], Iterable[str]]
    examples: tuple[str, ...]
    others: tuple[str, ...] = ()
    level: Level = "error"


def plain(text: str) -> str:
    """Return a text as it would be typed plainly: widths, forms, dashes, gaps, digits."""
    folded = "".join(
        _digit(one)
        for one in unicodedata.normalize("NFKC", text)
        if one in "\n\t" or not (is_unseen(one) or one == "\ufffd")
    )
    marked = _STARS.sub("*", _DOTS.sub("·", _DASHES.sub("-", folded)))
    spaced = re.sub(r"\s+", " ", marked.translate(_SIMPLE))
    return INSIDE_A_NAME.sub("", spaced).strip()


def _digit(one: str) -> str:
    """Return a digit of any script or shape as 0 to 9."""
    if one.isascii() or one.isalpha():
        return one
    value = unicodedata.digit(one, None)
    return one if value is None else str(value)


def _as_digits(found: re.Match[str]) -> str:
    """Take O and l for 0 and 1 where nearly all else is digits."""
    text = found.group()
    if sum(one.isdigit() for one in text) < _FEWEST_DIGITS:
        return text
    return text.translate(_LOOK_ALIKES)


def _pattern(
    pattern: str, *, in_digits: bool = False, holds: Callable[[str], bool] | None = None
) -> Callable[[Seen], Iterator[str]]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def find(seen: Seen) -> Iterator[str]:
        for found in compiled.finditer(seen.digits if in_digits else seen.text):
            if holds is None or holds(found.group()):
                yield found.group()

    return find


def _is_card(text: str) -> bool:
    """Check a bank card's last digit (Luhn)."""
    digits = [int(one) for one in reversed(text) if one.isdigit()]
    doubled = (sum(divmod(2 * one, 10)) for one in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_starred(text: str) -> bool:
    """Say whether a run is as long as a number that somebody has, and partly hidden."""
    run = [one for one in text if one not in "- "]
    digits = sum(one.isdigit() for one in run)
    is_long = len(run) in (15, 16, 17, 18, 19) or (len(run) == 11 and run[0] == "1")  # noqa: PLR2004
    return is_long and 5 <= digits <= len(run) - 3  # noqa: PLR2004 - not a rule of stars


def _has_two_digits(text: str) -> bool:
    return sum(one.isdigit() for one in text) >= 2  # noqa: PLR2004 - as it says


# What else stands between groups stands there alone: a list of numbers has spaces.
_GAP: Final = r"(?:[-. ()]{0,3}|[·|*、,:;])"
_ALONE: Final = r"(?<!\d)(?<!\d\.)(?<!\d-\d\d-)"
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_BETWEEN: Final = r"[-·. ]{0,2}"
_ON_A_PLATE: Final = rf"(?:[A-HJ-NP-Z0-9]{_BETWEEN})"
_AT_ITS_END: Final = r"(?:[挂学警港澳领使试超临]|应急)"
_COUNT: Final = r"[\d一二三四五六七八九十百零〇两甲乙丙A-D]{1,5}"
_DWELLING: Final = r"(?:栋|幢|座|单元|室|户|房)"
_NEAR: Final = r"[,、 -]{0,2}"

ORDINARY: Final = (
    "城关镇人民路", "环卫股", "考核办审核", "鄂西北", "竹山县城市管理执法局", "清环卫公司",
    "2025年6月30日", "二〇二五年六月三十日", "第二季度完成率98.5%", "一三五单号限行",
    "94.94949494949495", "0.138123456789", "420323100000", "2025-06-30",
    "2025-06-15 100 95.5 1234", "2024-11-08 13:00:00", "100.5 13812", "138, 2024, 2025",
    "0.07194221234", "ZY0719422123", "第 1381 号", "ZS2025010100003", "投资 13800 万元",
    "12345 热线", "垃圾清运 1,381,234.56 千克", "县政府发〔2025〕12号", "十二五规划",
    "生活垃圾·厨余垃圾", "三八妇女节", "人民路与环城路交叉口", "Handled in time",
    "public toilets", "Zhushan County", "微信公众号“竹山城管”", "条例第二十六条",
    "占道经营（烧烤）", "2025Q2", "每日 8:00-12:00", "宁可慢一点", "新A标准2024版",
    "12号公厕", "3号楼", "五项指标：1、2、3、4、5", "使用率 95.5", "军民路", "警示牌 12 块",
)  # fmt: skip

PROMISES: Final = (
    Promise(
        "电话号码",
        "11 位手机号：任何字体的数字、汉字（幺、两、大写、繁体也算）、混写、O 和 l 代替 0 和 1、"
        "中间有空格、横线、点、括号、顿号等，带或不带 86",
        _pattern(
            rf"{_ALONE}(?:(?:\+|00)?86{_GAP})?"
            rf"(?:1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
            rf"|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}"
            r"|1[-. ·、]?[3-9](?:[-. ·、]?\d){9})(?!\d)",
            in_digits=True,
        ),
        (
            "13812345678", "138-1234-5678", "+86 138 1234 5678", "１３８１２３４５６７８",
            "(138)12345678", "tel.138.1234.5678", "138—1234—5678", "1381234\u200b5678",
            "一三八一二三四五六七八", "幺三八一二三四五六七八", "壹叁捌壹贰叁肆伍陆柒捌",
            "壹參捌壹貳參肆伍陸柒捌", "138一二三四5678", "①③⑧①②③④⑤⑥⑦⑧",
            "l38l2345678", "138O123O567", "1 3 8 1 2 3 4 5 6 7 8", "138，1234，5678",
            "138*1234*5678", "一三八 一二三四 五六七八", "1３八12三4５6七8",
            "❶❸❽❶❷❸❹❺❻❼❽", "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "١٣٨١٢٣٤٥٦٧٨", "138_1234_5678",
            "1·3·8·1·2·3·4·5·6·7·8", "138 123 45678",
        ),
    ),
    Promise(
        "固定电话", "区号加 7 至 8 位号码，写法同上",
        _pattern(
            rf"{_ALONE}\(?0\d{{2,3}}[-. )]{{1,3}}\d{{3,4}}[- ]?\d{{4}}(?!\d)"
            r"|(?<![\dA-Za-z.])0[1-9]\d{1,2}[2-8]\d{6,7}(?!\d)",
            in_digits=True,
        ),
        ("0719-4221234", "07194221234", "(0719) 422 1234", "〇七一九四二二一二三四"),
    ),
    Promise(
        "打星号的号码", "手机、身份证、银行卡号中间几位换成 *、X、× 等",
        lambda seen: [
            *_pattern(
                r"(?<!\d)1[3-9]\d[- ]?[*x·.…]{3,8}[- ]?\d{2,4}(?!\d)", in_digits=True
            )(seen),
            *_pattern(
                r"(?<![\d*x])\d(?:[- ]?[\d*x]){10,20}(?![\d*x])",
                in_digits=True, holds=_is_starred,
            )(seen),
        ],
        (
            "138****1234", "138XXXX1234", "138＊＊＊＊1234", "一三八****一二三四",
            "138····1234", "138 **** 1234", "420323********1234", "420323********123X",
            "6222 **** **** 1234", "138××××1234", "138****34", "138……1234",
            "1381234****", "42032319900101****", "420323****01011234",
        ),
        ("1***", "评为 3*** 级", "2025-**-**"),
    ),
    Promise(
        "身份证号", "18 位（末位可为 X），写法同上；各段之间可有空格、横线",
        _pattern(
            rf"{_ALONE}\d{{6}}{_GAP}(?:19|20)\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}"
            r"\d{3}[\dXx](?!\d)"
            rf"|{_ALONE}\d{{6}}{_GAP}(?:19|20)\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}"
            r"\d{3}\*(?!\d)"
            r"|(?<!\d)[1-6](?:[- ]\d){16}[- ][\dx](?!\d)",
            in_digits=True,
        ),
        (
            "420323199001011234", "42032319900101123X", "４２０３２３１９９００１０１１２３Ｘ",
            "420323 19900101 123x", "四二〇三二三一九九〇〇一〇一一二三四",
            "420323-1990-01-01-1234", "42032319900101123×", "42O323l99OOlOll234",
            "4 2 0 3 2 3 1 9 9 0 0 1 0 1 1 2 3 4",
        ),
    ),
    Promise(
        "身份证号（15 位）", "旧式 15 位",
        _pattern(
            r"(?<!\d)(?<!\d\.)[1-6]\d{5}\d{2}(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)",
            in_digits=True,
        ),
        ("420323900101123",),
    ),
    Promise(
        "银行卡号", "银联卡 62 开头 16 至 19 位、校验位相符；或写明卡号、账号、开户行的 12 至 19 位",
        lambda seen: [
            *_pattern(
                r"(?<!\d)(?<!\d\.)62\d{2}(?:[- ]?\d{4}){3}(?:[- ]?\d{1,3})?(?!\d)",
                in_digits=True, holds=_is_card,
            )(seen),
            *_pattern(
                r"(?:卡号|账号|账户|开户行|银行)[^\d\n]{0,12}\d(?:[- ]?\d){11,18}(?!\d)",
                in_digits=True,
            )(seen),
        ],
        (
            "6222021234567890128", "6222 0212 3456 7890 128", "卡号 4563510100888999",
            "开户行：农行竹山支行 17328101040012345", "帳號：6217 8526 0000 1234 567",
        ),
        ("6222021234567890123",),
    ),
    Promise(
        "车牌号",
        "省份简称、字母加 5 至 6 位（新能源也算），挂、学、警、港、澳、领、使、试、超、应急；"
        "字之间可有空格、点、横线；武警 WJ，军车，使馆和领馆",
        lambda seen: [
            *_pattern(
                rf"[{_PROVINCES}][-· ]?[A-HJ-NP-Z]{_BETWEEN}"
                rf"(?:{_ON_A_PLATE}{{4}}{_AT_ITS_END}|{_ON_A_PLATE}{{4,5}}"
                r"[A-HJ-NP-Z0-9])(?![A-Z0-9])",
                holds=_has_two_digits,
            )(seen),
            *_pattern(
                rf"(?<![A-Z0-9])WJ{_BETWEEN}(?:[{_PROVINCES}]|\d{{2}}[-·. ]){_BETWEEN}"
                r"\d{4,5}[A-Z0-9]?(?![A-Z0-9])"
                rf"|[军空海北沈兰济广成][A-Z]{_BETWEEN}(?:[A-Z]{_BETWEEN})?\d{{5}}(?!\d)"
                r"|(?<![A-Z0-9])[VKHBSLJNGC][A-Z]·\d{5}(?!\d)"
                r"|[使领][-· ]?\d{3}[-·. ]?\d{3}(?!\d)"
                r"|(?<!\d)\d{3}[-·. ]?\d{3}[使领](?![用者命得其人带导取域先])"
            )(seen),
        ],
        (
            "鄂C12345", "鄂C·1A234", "鄂CD12345", "鄂C12345D", "鄂c-12345", "鄂 C 12345",
            "京 A·12345", "鄂C 1 2 3 4 5", "鄂Ｃ１２３４５", "粵B12345", "蘇A·12345",
            "鄂C1234挂", "鄂C1234警", "鄂C1234学", "沪A1234领", "京A1234使", "粤Z1234港",
            "鄂XD1234应急", "WJ鄂12345", "WJ·鄂1234X", "WJ01-12345", "军A12345", "空K·12345", "VA·12345",
            "使224578", "使 224·578", "224578使", "鄂C.12345", "鄂-C-12345",
        ),
        ("鄂C区", "新A标准2024版", "甘A级"),
    ),
    Promise(
        "电子邮箱", "name@example.org；@ 两边可有空格，也可写成 (at)、艾特",
        _pattern(
            r"[A-Z0-9._%+-]+ ?(?:@|\(at\)|\[at\]|艾特) ?[A-Z0-9-]+(?:\.[A-Z0-9-]+)+"
        ),
        (
            "someone@example.org", "someone ＠ example.org", "联系zhang.san@qq.com",
            "someone(at)example.org", "someone艾特qq.com",
        ),
        ("@全体成员",),
    ),
    Promise(
        "微信号", "微信、wechat、vx、V信、薇信等字样后面的号，以及 wxid_",
        _pattern(
            r"(?:(?:微信|薇信|[加+][vV微]|威信|[vv]信|微\.?信|wechat|weixin|vx|wx)"
            r"(?!公众|小程序|平台|群)(?:号|id)?[:： =是为]{0,3}"
            r"(?=[-_a-z0-9]*[a-z0-9])[a-z0-9][-_a-z0-9]{4,19})|wxid_[a-z0-9]{6,}"
        ),
        (
            "微信 zhangsan88", "微信号：zs_1990", "WeChat: zhangsan_88", "VX zs199001",
            "V信:zhangsan88", "wxid_a1b2c3d4e5", "薇信zs1990abc", "加V：abc12345", "微信號 zhangsan88",
        ),
        ("微信公众号 zhushanchengguan", "微信小程序", "微信群通知", "微信缴费"),
    ),
    Promise(
        "QQ 号", "QQ、扣扣等字样后面的 5 至 11 位号码",
        _pattern(
            r"(?:(?<![a-z])qq|扣扣|球球|企鹅号)(?:号码?|群号?)?[:： =是为]{0,3}"
            r"[1-9](?:[- ]?\d){4,10}(?!\d)",
            in_digits=True,
        ),
        ("QQ12345678", "QQ号：12345678", "扣扣 一二三四五六七", "ＱＱ：1234567"),
        ("QQ 群",),
    ),
    Promise(
        "住址", "路街巷、小区、村组的门牌，写到栋、幢、座、单元、室、户；村的组加号",
        _pattern(
            rf"{_COUNT} ?号(?:院|楼)?{_NEAR}(?:{_COUNT}号楼{_NEAR})?{_COUNT} ?{_DWELLING}"
            rf"|{_COUNT} ?(?:栋|幢|座|号楼){_NEAR}{_COUNT} ?(?:单元|室|户|房)"
            rf"|{_COUNT} ?单元{_NEAR}{_COUNT} ?(?:室|户|房|号)"
            rf"|[村社屯]{_NEAR}(?:第)?{_COUNT}组{_NEAR}{_COUNT} ?号"
        ),
        (
            "人民路12号3栋2单元", "人民路十二号三栋二单元", "南门街8号院2号楼501室",
            "幸福小区3栋2单元501室", "桥东村3组12号", "人民路12號3棟2單元",
            "城关镇人民路 12 号 3 幢 401 室", "3号楼2单元",
        ),
        ("人民路12号公厕", "3号楼", "第三组第二名", "2单元测试", "12号文件"),
    ),
    Promise(
        "门牌", "路街巷的门牌号，没有写到单元；可能是单位，由人判断",
        _pattern(
            rf"[{HAN}]{{1,8}}(?:路|街|巷|弄|胡同|大道)(?:[东南西北中]段)?{_NEAR}"
            r"[\d一二三四五六七八九十百零〇]{1,5} ?号(?!公厕|文|线|台|灯|杆|车|点|楼|井|站|桥|标段)"
        ),
        ("人民路12号", "南门街八号", "环城大道东段120号"),
        ("人民路", "人民路12号公厕", "中山路3号线", "2025年路灯12号杆"),
        "warning",
    ),
)  # fmt: skip


def as_markdown() -> str:
    """Return the list as the handbook prints it."""
    rows = [
        f"| {one.kind} | {'错误' if one.level == 'error' else '提醒'} | {one.says} | "
        f"{'、'.join(_shown(example) for example in one.examples[:6])} | "
        f"{'、'.join(_shown(other) for other in one.others[:4])} |"
        for one in _every()
    ]
    return "\n".join(
        ["| 类别 | 结论 | 认得出的写法 | 例 | 不算的 |", "|---|---|---|---|---|", *rows]
    )


def _every() -> Iterator[Promise]:
    from cityledger.release.personal import NAME_PROMISES  # noqa: PLC0415 - one list

    yield from (*PROMISES, *NAME_PROMISES)


def _shown(example: str) -> str:
    visible = "".join(one for one in example if not is_unseen(one))
    return f"`{visible.replace('|', ' ')}`"
