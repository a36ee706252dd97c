import { hourOfVideo, MONTHS, type Prices, QUEUES, reckon, SUPPOSED } from './bill.ts'

const dollars = (usd: number): string => (usd > 0 && usd < 0.005 ? '< $0.01' : `$${usd.toFixed(2)}`)

const amount = (quantity: number): string => {
  if (quantity >= 1e6) return `${(quantity / 1e6).toFixed(1)} M`
  if (quantity >= 1000) return `${Math.round(quantity / 100) / 10} k`
  return String(Math.round(quantity * 10) / 10)
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** `watchedMbps` as words: what a reader can compare. */
const inWords = (name: string): string => name.replace(/([A-Z])/g, ' $1').toLowerCase()

/** The page docs/generated/aws-bill.md. */
export const billPage = (prices: Prices): string => {
  const bills = MONTHS.map((month) => ({ month, ...reckon(month, prices) }))
  const hour = hourOfVideo()
  const services = bills[0]?.lines.map(({ service }) => service) ?? []
  const summary = services.map((service, at) => row([service, ...bills.map(({ lines }) => dollars(lines[at]?.usd ?? 0))]))
  const details = bills.flatMap(({ month, lines }) => [
    `\n## ${month.name}\n`,
    `${month.watchedHours} hours watched, ${month.storedHours} hours stored, ${month.newHours} hours uploaded, ${month.lessons} lessons written.\n`,
    ...['| what | how much | a month |', '|---|---|---|'],
    ...lines.flatMap(({ service, parts }) =>
      parts.map(({ quantity, unit, usd }) => row([service.replace(/ \(.*/, ''), `${amount(quantity)} ${unit}`, dollars(usd)])),
    ),
  ])
  return [
    '# What a month on AWS costs\n',
    'Reckoned by `scripts/aws/bill.ts` from `docs/operations/aws-prices.json` with `npm run gen`. No such bill has ever been paid: the school',
    'has not been deployed from here, and these are prices times suppositions.\n',
    `**Prices: ${prices.region}, ${prices.date}. ${prices.says}** An hour of 1080p is made for ${dollars(hour.usd)} (MediaConvert's table of ${hour.pricesOf},`,
    `\`core/recipes/prices.ts\`) and stored in ${hour.gb.toFixed(1)} GB beside its source. Cloudflare's free plan costs nothing.\n`,
    row(['', ...bills.map(({ month }) => month.name)]),
    `|---|${'---:|'.repeat(bills.length)}`,
    ...summary,
    row(['**a month**', ...bills.map(({ usd }) => `**${dollars(usd)}**`)]),
    row(['a learner', ...bills.map(({ month, usd }) => (month.learners > 0 ? dollars(usd / month.learners) : ''))]),
    '',
    `What an idle school pays is mostly alarms (${SUPPOSED.alarms}), secrets, and Lambda's asking of ${QUEUES} queues, which is why there is one for each feature and`,
    'not for each listener. What a busy one pays is mostly the bytes of videos: a contract with CloudFront, or a cheaper recipe, is where to save.',
    'A lesson written by machine is two containers of some minutes, which is next to nothing; what its model asks for is another company’s bill, and has a budget in the school.',
    ...details,
    '\n## Supposed\n',
    '| | |',
    '|---|---|',
    ...Object.entries(SUPPOSED).map(([name, value]) => row([inWords(name), String(value)])),
    '',
  ].join('\n')
}
