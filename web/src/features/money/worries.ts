/** What of the money waits for a person, in the order in which it wants one, and where it is dealt with. */
export const WORRIES = [
  { key: 'disputed', icon: 'i-lucide-gavel', to: { path: '/school/money/orders', query: { worry: 'disputed' } } },
  { key: 'warned', icon: 'i-lucide-shield-alert', to: { path: '/school/money/orders', query: { worry: 'warned' } } },
  { key: 'held', icon: 'i-lucide-scale', to: { path: '/school/money/orders', query: { state: 'held' } } },
  { key: 'findings', icon: 'i-lucide-unplug', to: { path: '/school/money/agreement' } },
  { key: 'parked', icon: 'i-lucide-inbox', to: { path: '/school/money/inbox', query: { state: 'parked' } } },
  { key: 'deadLetters', icon: 'i-lucide-mail-x', to: { path: '/school/events' } },
  { key: 'unreached', icon: 'i-lucide-cloud-off', to: { path: '/school/money/orders', query: { state: 'waiting' } } },
] as const
