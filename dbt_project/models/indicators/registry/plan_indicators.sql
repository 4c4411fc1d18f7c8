{#
  The registry of indicators, in the order of the plan's table 1, then the others. One
  row is one indicator: what it is called, how its numbers are summed, what it needs and
  what the plan promises. `formula` names the model beside this folder that answers it.
  Nothing else in the repository lists indicators; to add one, add its .sql with its .yml
  and a row here.

    periods        the period types it is reported for (M, Q, Y)
    rollup         months: quarters and years sum their months
                   period_end: the formula answers for each period itself
                   count: as months, and the value is the numerator
    towns          true: also a row for each town; town_min_sample: fewer, no value
    feeds          what completeness is measured on: cases, callbacks, lighting,
                   weighbridge, roads, polls, survey, register:<name>
    begins_with    the feed it stands on, whose first business date opens its first
                   month: a source of the contract, or register:<name>
    needs          fields, by feed, without which it is not provided for a month: those
                   whose emptiness has no meaning of its own (macro needed_fields)
    register_rule  what an absent register means: final_month (no value once the
                   period has ended), any_month (no value without any), every_month
                   (not collected unless every begun month is there), carried
                   (the last one speaks until the next comes)
    targets        claims with their source; one is effective, others are recorded

  A macro, not a seed: dbt needs the names while it parses, to draw the lineage.
#}
{% macro plan_indicators() %}
{% set rows %}
- id: I01
  formula: i01_mechanised_sweeping
  name_zh: 城区主次干道清扫保洁机械化作业率
  name_en: Mechanised sweeping of urban main roads
  group_zh: 市容环境整治
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  feeds: [roads]
  begins_with: sanitation
  scope_zh: 城区主干道、次干道
  formula_zh: Σ(路段面积×min(机械有效趟次,应作业趟次)/应作业趟次)÷Σ路段面积,按路段和日
  formula_version: "1.0"
  source_systems: 环卫作业日报、路段基础数据
  owner_zh: 环卫主管股室
  method_note_zh: 系统默认口径：覆盖率不低于0.9的机械趟次有效；未上报视为未作业；经批准豁免的路段日不计。
  targets:
  - {claim_id: I01-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城区主次干道清扫保洁机械化作业率(%) 100 预期性"}

- id: I02
  formula: i02_adverts_set_up_properly
  name_zh: 户外广告规范化设置率
  name_en: Outdoor advertising set up properly
  group_zh: 市容环境整治
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: period_end
  towns: true
  feeds: ["register:ad_facilities"]
  begins_with: "register:ad_facilities"
  needs: {"register:ad_facilities": [permit_from, permit_to, last_inspected_date, last_inspection_result]}
  register: ad_facilities
  register_rule: final_month
  scope_zh: 城区户外广告设施（招牌除外）
  formula_zh: 期末许可有效、符合规划且近12个月检查合格的设施数÷期末在设户外广告设施数
  formula_version: "1.0"
  source_systems: 户外广告设施台账
  owner_zh: 市容股、审批股
  method_note_zh: 系统默认口径：招牌另计，不在本指标内。
  targets:
  - {claim_id: I02-T1, value: 95, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "户外广告规范化设置率(%) 95 预期性"}

- id: I03
  formula: i03_illegal_adverts_disposed
  name_zh: 违法广告发现处置率
  name_en: Illegal advertising disposed of
  group_zh: 市容环境整治
  unit: "%"
  nature: 约束性
  direction: ge
  periods: MQY
  rollup: months
  towns: true
  feeds: [cases]
  begins_with: cases
  needs: {cases: [due_at, disposed_at]}
  scope_zh: 全县违法广告案件
  formula_zh: 期内已处置件数÷期内处置或到期件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 市容股、执法大队
  method_note_zh: 系统默认口径：只处罚未清除不算处置；作废、重复、挂账、无时限案件另列。
  targets:
  - {claim_id: I03-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "违法广告发现处置率(%) 100 约束性"}

- id: I04
  formula: i04_illegal_building_handled_in_time
  name_zh: 新增违法建设及时查处率
  name_en: New illegal building handled in time
  group_zh: 市容环境整治
  unit: "%"
  nature: 约束性
  direction: ge
  periods: MQY
  rollup: months
  towns: true
  feeds: [cases]
  begins_with: cases
  needs: {cases: [due_at, disposed_at]}
  scope_zh: 全县违法建设案件
  formula_zh: 停工和处置两个环节均按时的件数÷期内处置或到期件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 两违办
  method_note_zh: 系统默认口径：规划第三章另提“违法建设新增为零”，见X10。
  targets:
  - {claim_id: I04-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "新增违法建设及时查处率(%) 100 约束性"}

- id: I05
  formula: i05_road_occupation_handled_in_time
  name_zh: 违法占道案件及时查处率
  name_en: Street occupation cases handled in time
  group_zh: 市容环境整治
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  towns: true
  feeds: [cases]
  begins_with: cases
  needs: {cases: [due_at, disposed_at]}
  scope_zh: 全县违法占道案件
  formula_zh: 按时处置件数÷期内处置或到期件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 市容中队
  method_note_zh: 系统默认口径：占道类别由类别对照表确定。
  targets:
  - {claim_id: I05-T1, value: 90, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "违法占道案件及时查处率(%) 90 预期性"}

- id: I06
  formula: i06_frontage_duties_kept
  name_zh: 门前三包责任落实率
  name_en: Frontage duties kept
  group_zh: 市容环境整治
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: period_end
  towns: true
  feeds: ["register:frontage_units"]
  begins_with: "register:frontage_units"
  needs: {"register:frontage_units": [pledge_signed_date, last_inspected_date, last_inspection_result]}
  register: frontage_units
  register_rule: final_month
  scope_zh: 城区临街责任单位（空置除外）
  formula_zh: 已签责任书且期内检查合格的单位数÷责任单位总数
  formula_version: "1.0"
  source_systems: 门前三包责任单位台账
  owner_zh: 市容股
  method_note_zh: 系统默认口径：期内未检查的单位视为未落实。
  targets:
  - {claim_id: I06-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "“门前三包”责任落实率(%) 100 预期性"}

- id: I07
  formula: i07_urban_waste_made_harmless
  name_zh: 城区生活垃圾无害化处理率
  name_en: Urban household waste made harmless
  group_zh: 垃圾综合治理
  unit: "%"
  nature: 约束性
  direction: ge
  periods: MQY
  rollup: months
  feeds: [weighbridge]
  begins_with: weighbridge
  scope_zh: 城区
  formula_zh: 城区无害化处理量÷城区清运量
  formula_version: "1.0"
  source_systems: 转运站及处理设施磅单
  owner_zh: 环卫主管股室
  method_note_zh: 产生量以清运量代替；库存消纳时可能超过100，保留原值。
  targets:
  - {claim_id: I07-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城区生活垃圾无害化处理率(%) 100 约束性"}

- id: I08
  formula: i08_compounds_sorting_waste
  name_zh: 居民区生活垃圾分类覆盖率
  name_en: Residential compounds sorting waste
  group_zh: 垃圾综合治理
  unit: "%"
  nature: 约束性
  direction: ge
  periods: MQY
  rollup: period_end
  towns: true
  feeds: ["register:residential_compounds"]
  begins_with: "register:residential_compounds"
  register: residential_compounds
  register_rule: final_month
  scope_zh: 城区居民小区
  formula_zh: 容器、公示到位且当月有分类收运的小区数÷纳入范围小区数
  formula_version: "1.0"
  source_systems: 居民小区分类台账
  owner_zh: 垃圾分类办
  method_note_zh: 规划表1为80，第三章另载70，两项目标并存；数值在两者之间显示为口径冲突区间。
  targets:
  - {claim_id: I08-T1, value: 80, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "居民区生活垃圾分类覆盖率(%) 80 约束性"}
  - {claim_id: I08-C3, value: 70, op: ge, unit: "%", status: recorded, location: 第三章 五, quote: "居民区垃圾分类覆盖率达到70%"}

- id: I09
  formula: i09_waste_incinerated
  name_zh: 生活垃圾焚烧处理率
  name_en: Household waste incinerated
  group_zh: 垃圾综合治理
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  feeds: [weighbridge]
  begins_with: weighbridge
  scope_zh: 全县
  formula_zh: 焚烧处理量÷清运量
  formula_version: "1.0"
  source_systems: 转运站及处理设施磅单
  owner_zh: 环卫主管股室
  method_note_zh: 系统默认口径：以清运量为分母，不以处理量为分母。
  targets:
  - {claim_id: I09-T1, value: 80, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "生活垃圾焚烧处理率(%) ≥80 预期性"}

- id: I10
  formula: i10_institutions_sorting_waste
  name_zh: 城区公共机构、企业垃圾分类覆盖率
  name_en: Institutions and enterprises sorting waste
  group_zh: 垃圾综合治理
  unit: "%"
  nature: 约束性
  direction: ge
  periods: MQY
  rollup: period_end
  towns: true
  feeds: ["register:institutions"]
  begins_with: "register:institutions"
  needs: {"register:institutions": [inspection_result]}
  register: institutions
  register_rule: final_month
  scope_zh: 城区公共机构和相关企业
  formula_zh: 容器、公示到位且检查合格的机构数÷纳入范围机构数
  formula_version: "1.0"
  source_systems: 公共机构和企业分类台账
  owner_zh: 垃圾分类办
  method_note_zh: null
  targets:
  - {claim_id: I10-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城区公共机构、企业垃圾分类覆盖率(%) 100 约束性"}

- id: I11
  formula: i11_waste_recovered
  name_zh: 生活垃圾回收利用率
  name_en: Household waste recovered
  group_zh: 垃圾综合治理
  unit: "%"
  nature: 约束性
  direction: ge
  periods: MQY
  rollup: months
  feeds: [weighbridge]
  begins_with: weighbridge
  scope_zh: 全县
  formula_zh: (可回收物回收量+厨余处理量−残渣量)÷(清运量+可回收物回收量)
  formula_version: "1.0"
  source_systems: 转运站、分拣中心及厨余处理设施磅单
  owner_zh: 垃圾分类办
  method_note_zh: 分母含可回收物；只以清运量为分母的简化口径见I11b。
  targets:
  - {claim_id: I11-T1, value: 35, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "生活垃圾回收利用率(%) ≥35 约束性"}

- id: I12
  formula: i12_construction_waste_handled
  name_zh: 城区建筑垃圾集中消纳和资源化利用率
  name_en: Construction waste disposed of or recycled
  group_zh: 垃圾综合治理
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  feeds: [weighbridge, "register:construction_waste"]
  begins_with: weighbridge
  register: construction_waste
  register_rule: every_month
  scope_zh: 城区（城区乡镇）
  formula_zh: (消纳场和资源化厂进场量+就地利用量)÷产生量
  formula_version: "1.0"
  source_systems: 磅单、建筑垃圾项目台账
  owner_zh: 渣土管理办
  method_note_zh: 系统默认口径：产生量取项目台账；任一月份台账缺失则不出数。
  targets:
  - {claim_id: I12-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城区建筑垃圾集中消纳和资源化利用率(%) 100 预期性"}

- id: I13
  formula: i13_green_cover
  name_zh: 建成区绿化覆盖率
  name_en: Green cover of the built-up area
  group_zh: 园林路灯管理
  unit: "%"
  nature: 预期性
  direction: ge
  periods: Y
  rollup: period_end
  feeds: [survey]
  begins_with: "register:green_survey"
  register: green_survey
  register_rule: carried
  scope_zh: 建成区
  formula_zh: 绿化覆盖面积÷建成区面积
  formula_version: "1.0"
  source_systems: 绿地年度调查
  owner_zh: 园林主管单位
  method_note_zh: 年度调查次年1月报送；未报前沿用上一年度调查。
  targets:
  - {claim_id: I13-T1, value: 42, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "建成区绿化覆盖率(%) ≥42 预期性"}

- id: I14
  formula: i14_green_space
  name_zh: 建成区绿地率
  name_en: Green space of the built-up area
  group_zh: 园林路灯管理
  unit: "%"
  nature: 预期性
  direction: ge
  periods: Y
  rollup: period_end
  feeds: [survey]
  begins_with: "register:green_survey"
  register: green_survey
  register_rule: carried
  scope_zh: 建成区
  formula_zh: 绿地面积÷建成区面积
  formula_version: "1.0"
  source_systems: 绿地年度调查
  owner_zh: 园林主管单位
  method_note_zh: 年度调查次年1月报送；未报前沿用上一年度调查。
  targets:
  - {claim_id: I14-T1, value: 40, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "建成区绿地率(%) ≥40 预期性"}

- id: I15
  formula: i15_park_space_per_head
  name_zh: 城市人均公园绿地面积
  name_en: Park green space per head
  group_zh: 园林路灯管理
  unit: "m²/人"
  nature: 预期性
  direction: ge
  periods: Y
  rollup: period_end
  feeds: [survey]
  begins_with: "register:green_survey"
  register: green_survey
  register_rule: carried
  scope_zh: 城区
  formula_zh: 公园绿地面积÷(城区人口+城区暂住人口)
  formula_version: "1.0"
  source_systems: 绿地年度调查
  owner_zh: 园林主管单位
  method_note_zh: 表1单位印为%，按第二章“15平方米以上”更正为m²/人。
  targets:
  - {claim_id: I15-T1, value: 15, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城市人均公园绿地面积(%) 15 预期性"}

- id: I16
  formula: i16_roads_with_lamps
  name_zh: 路灯装灯率
  name_en: Roads with lamps
  group_zh: 园林路灯管理
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: period_end
  feeds: [lighting]
  begins_with: lighting
  scope_zh: 城区应装灯道路
  formula_zh: 已装灯道路长度÷应装灯道路长度
  formula_version: "1.0"
  source_systems: 路灯台账、路段基础数据
  owner_zh: 路灯管理所
  method_note_zh: 系统默认口径：路段上有一盏在用路灯即为已装灯。
  targets:
  - {claim_id: I16-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "路灯装灯率(%) 100 预期性"}

- id: I17
  formula: i17_lamps_lit
  name_zh: 亮灯率
  name_en: Lamps lit
  group_zh: 园林路灯管理
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  towns: true
  feeds: [polls]
  begins_with: lighting
  scope_zh: 单灯控制的在用路灯
  formula_zh: 亮灯盏夜÷应亮盏夜（不亮和未知均计入应亮）
  formula_version: "1.0"
  source_systems: 路灯单灯控制系统
  owner_zh: 路灯管理所
  method_note_zh: 系统默认口径：应亮时段90%以上时点在线且亮为亮；离线视为未亮；计划停电不计。
  targets:
  - {claim_id: I17-T1, value: 98, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "亮灯率(%) 98 预期性"}

- id: I18
  formula: i18_complaints_closed
  name_zh: 城区城市管理类市民投诉件办结率
  name_en: Urban complaints closed
  group_zh: 城管执法建设
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  towns: true
  feeds: [cases]
  begins_with: cases
  needs: {cases: [due_at, closed_at]}
  scope_zh: 城区市民投诉
  formula_zh: 期内已办结件数÷期内办结或到期件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 数字城管指挥中心
  method_note_zh: null
  targets:
  - {claim_id: I18-T1, value: 98, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城区城市管理类市民投诉件办结率(%) 98 预期性"}

- id: I19
  formula: i19_complainants_satisfied
  name_zh: 城区城市管理类市民投诉办结满意率
  name_en: Complainants satisfied
  group_zh: 城管执法建设
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  towns: true
  town_min_sample: 5
  feeds: [cases, callbacks]
  begins_with: cases
  needs: {cases: [closed_at], callbacks: [rating]}
  scope_zh: 城区市民投诉
  formula_zh: (满意+基本满意)÷有效评价件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台、回访记录
  owner_zh: 数字城管指挥中心
  method_note_zh: 拒评和未接通不是评价；乡镇有效评价不足5件不出数。与I18分母不同，两者目标不矛盾。
  targets:
  - {claim_id: I19-T1, value: 99, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城区城市管理类市民投诉办结满意率(%) 99 预期性"}

- id: I20
  formula: i20_equipment_up_to_standard
  name_zh: 城管执法装备配置达标率
  name_en: Enforcement equipment up to standard
  group_zh: 城管执法建设
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: period_end
  feeds: ["register:equipment"]
  begins_with: "register:equipment"
  register: equipment
  register_rule: final_month
  scope_zh: 县城管执法局
  formula_zh: Σmin(在用合格数,标准数)÷Σ标准数
  formula_version: "1.0"
  source_systems: 装备台账
  owner_zh: 装备后勤股
  method_note_zh: 系统默认口径：某项超配不抵另一项缺口。
  targets:
  - {claim_id: I20-T1, value: 98, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城管执法装备配置达标率(%) 98 预期性"}

- id: I21
  formula: i21_assessment_coverage
  name_zh: 城市综合管理检查考核覆盖率
  name_en: Assessment coverage
  group_zh: 城管执法建设
  unit: "%"
  nature: 预期性
  direction: ge
  periods: MQY
  rollup: months
  feeds: ["register:assessment_objects"]
  begins_with: "register:assessment_objects"
  register: assessment_objects
  register_rule: final_month
  scope_zh: 成员单位和区域
  formula_zh: 已考核对象数÷应考核对象数，按月累计
  formula_version: "1.0"
  source_systems: 考核对象台账
  owner_zh: 考核办
  method_note_zh: 系统默认口径：没有评分项的检查不算考核。
  targets:
  - {claim_id: I21-T1, value: 100, op: ge, unit: "%", status: effective, location: 第二章 表1, quote: "城市综合管理检查考核覆盖率(%) 100 预期性"}

- id: I11b
  formula: i11b_waste_recovered_simplified
  name_zh: 生活垃圾回收利用率（简化口径）
  name_en: Household waste recovered (simplified)
  group_zh: 垃圾综合治理
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [weighbridge]
  begins_with: weighbridge
  scope_zh: 全县
  formula_zh: (可回收物回收量+厨余处理量−残渣量)÷清运量
  formula_version: "1.0"
  source_systems: 转运站、分拣中心及厨余处理设施磅单
  owner_zh: 垃圾分类办
  method_note_zh: 简化口径，只与I11并列展示，不用于评价。

- id: I17b
  formula: i17b_lamps_lit_of_known
  name_zh: 亮灯率（剔除未知）
  name_en: Lamps lit, unknown left out
  group_zh: 园林路灯管理
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [polls]
  begins_with: lighting
  scope_zh: 单灯控制的在用路灯
  formula_zh: 亮灯盏夜÷(亮灯+不亮盏夜)
  formula_version: "1.0"
  source_systems: 路灯单灯控制系统
  owner_zh: 路灯管理所
  method_note_zh: 宽口径，只与I17并列展示，不用于评价。

- id: X01
  formula: x01_supervised_matters_settled
  name_zh: 城市综合管理重大事项协调督办落实率
  name_en: Supervised matters settled
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: ge
  periods: MQY
  rollup: months
  feeds: ["register:supervision_items"]
  begins_with: "register:supervision_items"
  needs: {"register:supervision_items": [due_at, verified_at]}
  register: supervision_items
  register_rule: any_month
  scope_zh: 全县督办事项
  formula_zh: 已落实件数÷期内落实或到期件数
  formula_version: "1.0"
  source_systems: 督办事项台账
  owner_zh: 考核办
  method_note_zh: 系统默认口径：以验收为落实。
  targets:
  - {claim_id: X01-C2, value: 100, op: ge, unit: "%", status: effective, location: 第二章 三(二), quote: "城市综合管理重大事项协调督办落实率达100%"}

- id: X02
  formula: x02_enforcement_staffing
  name_zh: 城管执法人员配备比例
  name_en: Enforcement officers per ten thousand people
  group_zh: 城管执法建设
  unit: "‱"
  nature: null
  direction: ge
  periods: Y
  rollup: period_end
  feeds: ["register:staffing"]
  begins_with: "register:staffing"
  register: staffing
  register_rule: any_month
  scope_zh: 城区
  formula_zh: 在编执法人员÷城市人口×10000
  formula_version: "1.0"
  source_systems: 人员台账
  owner_zh: 人事股
  method_note_zh: null
  targets:
  - {claim_id: X02-C3, value: 5, op: ge, unit: "‱", status: effective, location: 第三章 二(一), quote: "按照不低于城市人口(含常住人口和暂住人口)万分之五的标准,配备城市管理执法人员"}

- id: X03
  formula: x03_auxiliary_ratio
  name_zh: 辅助人员与在编执法人员之比
  name_en: Auxiliary staff to officers
  group_zh: 城管执法建设
  unit: "比"
  nature: null
  direction: between
  periods: Y
  rollup: period_end
  feeds: ["register:staffing"]
  begins_with: "register:staffing"
  register: staffing
  register_rule: any_month
  scope_zh: 县城管执法局
  formula_zh: 辅助人员÷在编执法人员
  formula_version: "1.0"
  source_systems: 人员台账
  owner_zh: 人事股
  method_note_zh: 1:1既是目标也是上限：高于1为超上限，低于1为有差距。
  targets:
  - {claim_id: X03-C3, value: 1, op: between, unit: 比, status: effective, location: 第三章 二(一), quote: "补充城管执法辅助人员数量,按照与在编执法人员1:1的比例配备", value_high: 1}

- id: X04a
  formula: x04a_share_solved_by_service
  name_zh: 721工作法服务手段占比
  name_en: Share solved by service
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [cases]
  begins_with: cases
  needs: {cases: [closed_at, resolution_means]}
  scope_zh: 全县案件
  formula_zh: 以服务手段解决的件数÷期内结案且有解决手段的件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 法制股、指挥中心
  method_note_zh: 规划“721工作法”为70%，只作描述，不判达标。

- id: X04b
  formula: x04b_share_solved_by_management
  name_zh: 721工作法管理手段占比
  name_en: Share solved by management
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [cases]
  begins_with: cases
  needs: {cases: [closed_at, resolution_means]}
  scope_zh: 全县案件
  formula_zh: 以管理手段解决的件数÷期内结案且有解决手段的件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 法制股、指挥中心
  method_note_zh: 规划“721工作法”为20%，只作描述，不判达标。

- id: X04c
  formula: x04c_share_solved_by_enforcement
  name_zh: 721工作法执法手段占比
  name_en: Share solved by enforcement
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [cases]
  begins_with: cases
  needs: {cases: [closed_at, resolution_means]}
  scope_zh: 全县案件
  formula_zh: 以执法手段解决的件数÷期内结案且有解决手段的件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 法制股、指挥中心
  method_note_zh: 规划“721工作法”为10%，只作描述，不判达标。

- id: X05
  formula: x05_parking_per_vehicle
  name_zh: 城市停车位与汽车保有量之比
  name_en: Parking spaces per vehicle
  group_zh: 城管执法建设
  unit: "比"
  nature: null
  direction: null
  periods: Q
  rollup: period_end
  feeds: ["register:parking"]
  begins_with: "register:parking"
  register: parking
  register_rule: any_month
  scope_zh: 城区
  formula_zh: (配建+路外公共+路内泊位)÷汽车保有量
  formula_version: "1.0"
  source_systems: 停车台账
  owner_zh: 停车主管单位
  method_note_zh: null

- id: X06a
  formula: x06a_problems_registered
  name_zh: 问题总数（立案数）
  name_en: Problems registered
  group_zh: 城管执法建设
  unit: "件"
  nature: null
  direction: null
  periods: MQY
  rollup: count
  feeds: [cases]
  begins_with: cases
  needs: {cases: [registered_at]}
  scope_zh: 全县案件
  formula_zh: 期内立案件数（作废除外）
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 数字城管指挥中心
  method_note_zh: null

- id: X06b
  formula: x06b_registered_in_time
  name_zh: 按时立案率
  name_en: Registered in time
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [cases]
  begins_with: cases
  needs: {cases: [accepted_at, registered_at]}
  scope_zh: 全县案件
  formula_zh: 受理后30分钟内立案件数÷立案件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 数字城管指挥中心
  method_note_zh: 按自然时间30分钟计算；本县填写办公时间后按工作时间计算。

- id: X06c
  formula: x06c_cases_closed_in_time
  name_zh: 按期结案率
  name_en: Closed in time
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [cases]
  begins_with: cases
  needs: {cases: [due_at, closed_at]}
  scope_zh: 全县城管类案件
  formula_zh: 按期结案件数÷应结案件数
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 数字城管指挥中心
  method_note_zh: 规划称“按时结案率”。

- id: X06d
  formula: x06d_public_satisfied
  name_zh: 群众满意率
  name_en: Public satisfied
  group_zh: 城管执法建设
  unit: "%"
  nature: null
  direction: null
  periods: MQY
  rollup: months
  feeds: [cases, callbacks]
  begins_with: cases
  needs: {cases: [closed_at], callbacks: [rating]}
  scope_zh: 城区市民投诉
  formula_zh: 同I19
  formula_version: "1.0"
  source_systems: 数字城管案件平台、回访记录
  owner_zh: 数字城管指挥中心
  method_note_zh: null

- id: X10
  formula: x10_new_illegal_buildings
  name_zh: 新增违法建设数
  name_en: New illegal buildings
  group_zh: 市容环境整治
  unit: "件"
  nature: null
  direction: null
  periods: MQY
  rollup: count
  feeds: [cases]
  begins_with: cases
  needs: {cases: [reported_at]}
  scope_zh: 全县案件
  formula_zh: 期内上报的违法建设件数（作废、重复除外）
  formula_version: "1.0"
  source_systems: 数字城管案件平台
  owner_zh: 两违办
  method_note_zh: 规划第三章提出“违法建设新增为零”，此处只作描述。
{% endset %}
{{ return(fromyaml(rows)) }}
{% endmacro %}
