import type { Role } from '#ports/identity.ts'
import { withPerson } from './people.ts'
import type { Verb } from './verb.ts'

/** What a role brings with it: whoever teaches or runs the school can learn in it too. */
const WITH: Record<Role, Role[]> = { learner: ['learner'], instructor: ['instructor', 'learner'], admin: ['admin', 'instructor', 'learner'] }

const isRole = (word: string): word is Role => word in WITH

export const role: Verb = {
  name: 'role',
  says: 'makes a person a learner, an instructor or an admin',
  help: `
npm run lectern -- role <email> learner|instructor|admin

Gives the person that role, and takes away what goes beyond it. It holds at once, while the school is open or closed.
The person needs an account first. Ends with 1 where nobody has that address.`,
  async run([email = '', wanted = '']) {
    if (!isRole(wanted)) {
      process.stderr.write(`\n  Which role? One of: ${Object.keys(WITH).join(', ')}\n\n`)
      return 2
    }
    return withPerson(email, async (people, person) => {
      await people.setRoles(person.id, WITH[wanted])
      process.stdout.write(`\n  ${person.name} (${person.email}) is now: ${WITH[wanted].join(', ')}\n\n`)
    })
  },
}
