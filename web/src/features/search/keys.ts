/** The keys as they are written on this machine's keyboard. */
export const keysText = (): string => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K')
