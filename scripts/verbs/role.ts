import { ROLES, type Role, rolesWith } from '#contract/roles.ts'
import { withPerson } from './people.ts'
import type { Verb } from './verb.ts'

const isRole = (word: string): word is Role => ROLES.some((role) => role === word)

export const role: Verb = {
  name: 'role',
  says: 'makes a person a learner, an instructor, support, an admin or an owner',
  help: `
npm run lectern -- role <email> learner|instructor|support|admin|owner

Gives the person that role, and takes away what goes beyond it. It holds at once, while the school is open or closed.
The person needs an account first. The last owner stays one: make another first. Ends with 1 where nobody has
that address, or nothing was changed.`,
  async run([email = '', wanted = '']) {
    if (!isRole(wanted)) {
      process.stderr.write(`\n  Which role? One of: ${ROLES.join(', ')}\n\n`)
      return 2
    }
    return withPerson(email, async (people, person) => {
      if ((await people.setRoles(person.id, rolesWith(wanted))) === 'last-owner') {
        process.stderr.write(`\n  ${person.name} is the only owner. Make another first: npm run lectern -- role <email> owner\n\n`)
        return 1
      }
      process.stdout.write(`\n  ${person.name} (${person.email}) is now: ${rolesWith(wanted).join(', ')}\n\n`)
      return 0
    })
  },
}
