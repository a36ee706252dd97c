import { catalogue, type Labels, type Measure, type MetricName, metricNames, prometheusName } from './catalogue.ts'

/** More of one metric than this are an error of ours, and are left out rather than kept until memory is full. */
const MOST_SERIES = 2000

type Series = { labels: Labels; value: number; buckets: number[]; count: number }

/** Called before each look: tells what is only known by looking. */
export type Look = () => void | Promise<void>

export type Registry = {
  measure: Measure
  /** Forgets what a gauge was, before it is told anew: a listener that waits for nothing more has no line. */
  clear(name: MetricName): void
  beforeEachLook(look: Look): void
  /** In Prometheus's text format, version 0.0.4. */
  text(): Promise<string>
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')

const written = (labels: Labels): string => {
  const each = Object.entries(labels).map(([name, value]) => `${name.replaceAll('.', '_')}="${escaped(value)}"`)
  return each.length === 0 ? '' : `{${each.join(',')}}`
}

const linesOf = (name: MetricName, all: Iterable<Series>): string[] => {
  const { kind, bounds = [] } = catalogue[name]
  const as = prometheusName(name)
  return [...all].flatMap(({ labels, value, buckets, count }) => {
    if (kind !== 'histogram') return [`${as}${written(labels)} ${value}`]
    const within = bounds.map((bound, at) => `${as}_bucket${written({ ...labels, le: String(bound) })} ${buckets[at] ?? 0}`)
    return [
      ...within,
      `${as}_bucket${written({ ...labels, le: '+Inf' })} ${count}`,
      `${as}_sum${written(labels)} ${value}`,
      `${as}_count${written(labels)} ${count}`,
    ]
  })
}

/** What has been measured since the program began, in memory alone: who watches keeps the history. */
export const openRegistry = (): Registry => {
  const kept = new Map<MetricName, Map<string, Series>>()
  const looks: Look[] = []
  const seriesOf = (name: MetricName, given: Labels): Series | undefined => {
    const all = kept.get(name) ?? new Map<string, Series>()
    kept.set(name, all)
    const { labels: known, bounds = [] } = catalogue[name]
    const labels = Object.fromEntries(known.map((label) => [label, given[label] ?? '']))
    const key = Object.values(labels).join('\n')
    const found = all.get(key)
    if (found || all.size >= MOST_SERIES) return found
    const fresh = { labels, value: 0, buckets: bounds.map(() => 0), count: 0 }
    all.set(key, fresh)
    return fresh
  }
  return {
    measure(name, value, labels = {}) {
      const series = seriesOf(name, labels)
      if (!series) return
      const { kind, bounds = [] } = catalogue[name]
      series.value = kind === 'gauge' ? value : series.value + value
      series.count += 1
      for (const [at, bound] of bounds.entries()) if (value <= bound) series.buckets[at] = (series.buckets[at] ?? 0) + 1
    },
    clear: (name) => void kept.delete(name),
    beforeEachLook: (look) => void looks.push(look),
    async text() {
      for (const look of looks) await look()
      const parts = metricNames.map((name) => {
        const as = prometheusName(name)
        return [`# HELP ${as} ${catalogue[name].says}`, `# TYPE ${as} ${catalogue[name].kind}`, ...linesOf(name, kept.get(name)?.values() ?? [])].join('\n')
      })
      return `${parts.join('\n')}\n`
    },
  }
}
