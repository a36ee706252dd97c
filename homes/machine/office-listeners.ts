/** Of these features, and of nothing else, the office works off what happens. */
const FEATURES: ReadonlySet<string> = new Set(['payments', 'memberships', 'receipts', 'refunds', 'seats', 'money', 'notices'])
/** Of a feature whose others write files for visitors. */
const SINGLE: ReadonlySet<string> = new Set(['offers.count-paid'])

/**
 * Whether a listener is told in the office: it needs tables, payments, mail, alerts and people, and no other port. The simulation
 * of the payments lives on the very same.
 */
export const isOfTheOffice = (listener: string): boolean => FEATURES.has(listener.slice(0, listener.indexOf('.'))) || SINGLE.has(listener)
