import { type Check, error, type Facts, type Field } from './check.ts'
import { secretKinds } from './secret-kinds.ts'

/** What was found is not said: a finding is read by more people than the draft. */
const secretsIn = ({ name, text }: Pick<Field, 'name' | 'text'>) => secretKinds(text).map((kind) => error(`${name} has what looks like ${kind}.`))

const addressesOf = ({ draft: { about } }: Facts): Pick<Field, 'name' | 'text'>[] =>
  about.sources.map(({ url }, at) => ({ name: `The address of source ${at + 1}`, text: url }))

export const secrets: Check = {
  name: 'secrets',
  title: 'It gives away no secrets',
  find: (facts) => [...facts.fields, ...addressesOf(facts)].flatMap(secretsIn),
}
