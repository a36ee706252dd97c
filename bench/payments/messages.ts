/** What the host is asked, one thing at a time, and what it tells. */
export type Asked = { what: 'sell' | 'pile'; first: number; count: number } | { what: 'start' }
export type Told = { what: 'done' } | { what: 'failed'; why: string }

/** What whoever asks the school over HTTP is to send until it is told `enough`: so many a second, whether the ones before have been answered or not. */
export type Load = { port: number; perSecond: number; seconds: number } & (
  | { what: 'pages'; path: string }
  | { what: 'hooks'; secret: string; first: number; sales: number }
)
/** Milliseconds from when each was due until its answer was read; `sentAt` of each sale's last event, in nanoseconds. */
export type Loaded = { latencies: number[]; refused: number; sentAt: [learner: string, nanoseconds: string][] }
