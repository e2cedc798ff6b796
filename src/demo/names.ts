import type { Random } from './random.ts';

type Names = readonly [string, ...string[]];

// The frequent ones of Guizhou first and more than once; then those common among Miao, Bouyei, Dong, Shui, Yi and Gelao.
const surnames: Names = [
  '杨',
  '杨',
  '杨',
  '王',
  '王',
  '李',
  '李',
  '张',
  '张',
  '陈',
  '陈',
  '刘',
  '吴',
  '吴',
  '罗',
  '罗',
  '周',
  '黄',
  '赵',
  '何',
  '田',
  '田',
  '石',
  '龙',
  '龙',
  '潘',
  '韦',
  '韦',
  '陆',
  '莫',
  '蒙',
  '覃',
  '岑',
  '粟',
  '安',
  '禄',
  '陇',
  '廖',
  '麻',
  '班',
  '卢',
  '冉',
  '喻',
  '令狐',
  '欧阳',
  '上官',
  '司马',
  '诸葛',
];

const female: Names = [
  '秀英',
  '桂兰',
  '丽',
  '晓芳',
  '静',
  '敏',
  '婷婷',
  '艳',
  '玉兰',
  '春梅',
  '雪',
  '佳慧',
  '诗雨',
  '琴',
  '红霞',
  '云',
  '娟',
  '明珠',
  '阿妹',
  '玲',
  '仙',
  '思琪',
  '彩凤',
  '欣怡',
  '月',
  '凤仙',
  '金花',
  '倩',
  '雨桐',
  '芝兰',
];

const male: Names = [
  '德明',
  '国强',
  '伟',
  '勇',
  '军',
  '建华',
  '志刚',
  '俊杰',
  '浩',
  '老九',
  '光辉',
  '正江',
  '昌富',
  '文龙',
  '鹏',
  '海',
  '磊',
  '永贵',
  '再平',
  '胜全',
  '家兴',
  '超',
  '明',
  '宇航',
  '福生',
  '忠',
  '春林',
  '开文',
  '金贵',
  '兴旺',
];

const children: Record<'female' | 'male', Names> = {
  female: ['梓涵', '雨萱', '思语', '欣妍', '可馨', '小雅', '诗涵', '依诺', '若溪', '安然'],
  male: ['浩宇', '子轩', '俊熙', '宇辰', '明泽', '天佑', '一鸣', '嘉木', '文博', '小川'],
};

const withDot: Record<'female' | 'male', Names> = {
  female: ['吉克·阿依', '沙马·日牛', '阿依古丽·买买提', '俄木·伍呷'],
  male: ['马海·木呷', '吉克·尔布', '沙马·拉哈', '买买提·艾合麦提'],
};

/** Surnames of two characters, which a name must not be split inside. */
const compound = /^(欧阳|上官|司马|诸葛|令狐)/;

/** The surname that a child takes over; for names with `·` the part before it. */
export const surnameOf = (name: string): string =>
  name.includes('·') ? `${name.split('·')[0]}·` : (compound.exec(name)?.[0] ?? name.slice(0, 1));

/** A made-up adult's name as heard in Guizhou; one in fifty is written with `·`. */
export const adultName = (random: Random, sex: 'female' | 'male'): string =>
  random.percent(2) ? random.pick(withDot[sex]) : random.pick(surnames) + random.pick(sex === 'female' ? female : male);

/** A made-up child's name under its father's surname. */
export const childName = (random: Random, sex: 'female' | 'male', father: string): string =>
  surnameOf(father) + random.pick(children[sex]);
