import { catalogue, type Labels, type Measure, type MetricName, notMeasured } from '../metrics/catalogue.ts'
import { NAMESPACE } from './emf-names.ts'

const UNITS = { s: 'Seconds', By: 'Bytes', 1: 'Count' } as const
/** Of values that a metric has in one line. */
const MOST_VALUES = 100
/**
 * By what CloudWatch keeps numbers apart: each of these is a metric that is paid for by itself, so that routes and events, of which there are hundreds,
 * are not among them.
 */
const DIMENSIONS: Partial<Record<MetricName, readonly string[]>> = {
  'lectern.tables.commit.duration': ['outcome'],
  'lectern.orders': ['state'],
  'lectern.mail.letters': ['outcome'],
}

/** Whom the numbers are of, beside the others: two stages share an account. */
const SCHOOL = 'school'

type Given = { isMeasured: boolean; school: string; write?: (line: string) => void; now?: () => Date }
type Kept = { name: MetricName; labels: Labels; values: number[] }

const keptApart = (name: MetricName, labels: Labels): Labels => Object.fromEntries((DIMENSIONS[name] ?? []).map((each) => [each, labels[each] ?? '']))

/** Amazon's Embedded Metric Format: CloudWatch takes a metric out of such a line of the log. */
const lineOf = ({ name, labels, values }: Kept, { school, at }: { school: string; at: Date }): string => {
  const { kind, unit } = catalogue[name]
  const told = kind === 'counter' ? values.reduce((sum, value) => sum + value, 0) : values
  const metrics = [{ Namespace: NAMESPACE, Dimensions: [[SCHOOL, ...Object.keys(labels)]], Metrics: [{ Name: name, Unit: UNITS[unit] }] }]
  return `${JSON.stringify({ _aws: { Timestamp: at.getTime(), CloudWatchMetrics: metrics }, [SCHOOL]: school, ...labels, [name]: told })}\n`
}

/**
 * What a function measures, under the names of `/metrics`: kept while it works, and written to its log as it answers, for CloudWatch to read. Nothing
 * is kept or written where nobody measures.
 */
export const openEmf = ({ isMeasured, school, write = (line) => void process.stdout.write(line), now = () => new Date() }: Given) => {
  const kept = new Map<string, Kept>()
  const flush = (): void => {
    for (const each of kept.values()) write(lineOf(each, { school, at: now() }))
    kept.clear()
  }
  const measure: Measure = (name, value, labels = {}) => {
    const apart = keptApart(name, labels)
    const key = [name, ...Object.values(apart)].join('\n')
    const found = kept.get(key) ?? { name, labels: apart, values: [] }
    kept.set(key, found)
    found.values.push(value)
    if (found.values.length >= MOST_VALUES) flush()
  }
  return {
    measure: isMeasured ? measure : notMeasured,
    /** A function that tells what it has measured once it is done, however that ends. */
    telling:
      <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        try {
          return await work(...given)
        } finally {
          flush()
        }
      },
  }
}
