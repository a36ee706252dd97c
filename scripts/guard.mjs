// Read by whatever Node the machine has, even one too old: nothing here is newer than the sentence it must be able to say.
const OLDEST = 20

/** Says so in one line, and answers false, where this Node is too old to start from. */
export const isNodeRecent = () => {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST) return true
  process.stderr.write(`\n  Lectern needs Node ${OLDEST} or newer; this is Node ${process.versions.node}. Get one at nodejs.org\n\n`)
  process.exitCode = 1
  return false
}
