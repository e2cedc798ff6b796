import type { CertificateContent } from '#domain/certificate/certificateContent.ts';

const token =
  'eyJhbGciOiJFZERTQSIsImtpZCI6Ims4TEh1Vm5tQ2ZBUkJxVjJ2N29ITHp6UWR5Zk9QcFdaYVNzVG5fRk1pTjQifQ.eyJuIjoiR1o1MjAxMTEyMDI2MDAwMDEyMzQ1MyIsInAiOjIsIm8iOiI1MjAxMTEwMDEiLCJkIjoiMjAyNi0xMS0yNCIsImgiOiJBQUVDQXdRRkJnY0lDUW9MIn0.q0S8kfb6yV7Jm0K5c2n1dQhWJr3gTz4uPpXoL9aEeRtYvBsNiMxCwZDfGhUkQ2A1b8H6j5T7m3O0rSlyKvFnAA';

/** What stands on a usual certificate, with what a test wants to differ. */
export const certificateContent = (different: Partial<CertificateContent> = {}): CertificateContent => ({
  number: 'GZ52011120260000123453',
  kind: 'electronic',
  parity: 2,
  wife: {
    name: '王芳',
    idNumber: '520111199512241224',
    household: '贵州省贵阳市花溪区贵筑街道清溪社区居民委员会霞晖路88号',
    residence: '贵州省贵阳市花溪区贵筑街道清溪社区居民委员会霞晖路88号清溪小区3栋2单元501室',
  },
  husband: {
    name: '张伟',
    idNumber: '520103199403153311',
    household: '贵州省贵阳市云岩区中华中路街道公园路社区居民委员会中华中路12号',
    residence: '贵州省贵阳市花溪区贵筑街道清溪社区居民委员会霞晖路88号清溪小区3栋2单元501室',
  },
  marriage: { registeredOn: '2021-05-20', certificateNumber: 'J520111-2021-001234' },
  children: 1,
  office: { code: '520111001', name: '贵阳市花溪区贵筑街道办事处' },
  issuedOn: '2026-11-24',
  code: token,
  verifyUrl: `https://registration.test/verify/${token}`,
  specimen: false,
  ...different,
});

const longestPlace = `贵州省黔西南布依族苗族自治州册亨县秧坝森林小镇秧坝森林小镇安置区第一社区居民委员会${'霞晖路清溪小区'.repeat(34)}`;

/** A certificate on which every text is as long as the form takes it (`fields.ts`). */
export const longestCertificate = (): CertificateContent =>
  certificateContent({
    wife: {
      name: '阿卜杜热合曼·麦麦提吐尔逊'.repeat(4).slice(0, 50),
      idNumber: '52011119951224122X',
      household: longestPlace,
      residence: longestPlace,
    },
    husband: {
      name: 'Wolfgang Maximilian Alexander Württemberg-Hohenzoll',
      idNumber: '520103199403153311',
      household: longestPlace,
      residence: longestPlace,
    },
    marriage: { registeredOn: '2021-12-20', certificateNumber: `黔册亨结字第${'0123456789'.repeat(4)}`.slice(0, 40) },
    children: 9,
    office: { code: '522327105', name: '黔西南布依族苗族自治州册亨县秧坝森林小镇街道办事处卫生健康办公室' },
    verifyUrl: `https://birth-registration.health-commission.guizhou.gov.cn:8443/verify/${token}`,
    specimen: true,
  });
