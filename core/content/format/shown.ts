const MOST_SHOWN = 40

/** As it is repeated in a finding: whatever it is, it stays short and in one line. */
export const shown = (name: string): string => {
  const plain = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '·')
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain
}
