import { synthesise } from '../aws-home.mjs'
import { prepareAws } from '../aws-packages.mjs'
import { end } from '../terminal.mjs'
import { runVerb } from './verbs.ts'

const [name = '', ...args] = process.argv.slice(2)
await runVerb(name, args, { prepareAws, synthesise }).catch(end)
