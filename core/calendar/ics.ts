export type IcsEntry = {
  /** The same for the same thing, however often it is read. */
  uid: string
  startsAt: string
  minutes: number
  title: string
  says?: string
  url: string
}

/** RFC 5545 §3.3.11. */
const text = (words: string): string =>
  words
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ')

const utc = (at: string): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

const MOST_OCTETS = 75

/** Lines of at most 75 octets, none cut within a sign (§3.1); those that go on begin with a space. */
const folded = (line: string): string => {
  const lines: string[] = []
  let [now, octets] = ['', 0]
  for (const sign of line) {
    const size = Buffer.byteLength(sign)
    if (octets + size > MOST_OCTETS) {
      lines.push(now)
      now = ' '
      octets = 1
    }
    now += sign
    octets += size
  }
  return [...lines, now].join('\r\n')
}

const event = ({ uid, startsAt, minutes, title, says, url }: IcsEntry, now: Date): string[] => {
  const end = new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
  return [
    'BEGIN:VEVENT',
    ...[`UID:${uid}`, `DTSTAMP:${utc(now.toISOString())}`, `DTSTART:${utc(startsAt)}`, `DTEND:${utc(end)}`],
    `SUMMARY:${text(title)}`,
    ...(says === undefined ? [] : [`DESCRIPTION:${text(says)}`]),
    `URL:${url}`,
    'END:VEVENT',
  ]
}

/** An iCalendar file. Moments are in UTC, which every calendar turns into its owner's own time. */
export const icsFile = (entries: readonly IcsEntry[], { name, now }: { name: string; now: Date }): string => {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Lectern//Calendar//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH'],
    ...[`X-WR-CALNAME:${text(name)}`, 'REFRESH-INTERVAL;VALUE=DURATION:PT6H', 'X-PUBLISHED-TTL:PT6H'],
    ...entries.flatMap((entry) => event(entry, now)),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}
