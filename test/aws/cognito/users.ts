import { createHash, randomInt, randomUUID } from 'node:crypto'

/** A refusal in Cognito's words: `__type` and a sentence, with status 400. */
export class CognitoFault extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type User = {
  sub: string
  attributes: Map<string, string>
  status: 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD'
  isEnabled: boolean
  password: string | undefined
  groups: Set<string>
  created: Date
  modified: Date
  /** What was mailed to them last, and for what. */
  code: { purpose: 'sign-up' | 'password'; value: string } | undefined
}

/** As the trigger's Lambda function is given it. */
export type Confirmation = {
  version: '1'
  region: string
  userPoolId: string
  userName: string
  callerContext: { awsSdkVersion: string; clientId: string }
  triggerSource: 'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword'
  request: { userAttributes: Record<string, string> }
  response: Record<string, never>
}

export type UsersOptions = {
  region: string
  poolId: string
  clientId: string
  groups: readonly string[]
  now(): Date
  /** The pool's post-confirmation trigger. */
  onConfirmed(event: Confirmation): Promise<void>
}

const MIN_PASSWORD = 8
const missing = (): never => {
  throw new CognitoFault('UserNotFoundException', 'User does not exist.')
}

const checkPassword = (password: string): void => {
  if (password.length < MIN_PASSWORD) throw new CognitoFault('InvalidPasswordException', 'Password did not conform with policy: Password not long enough')
}

/** Six figures, as Cognito mails them. */
const aCode = (): string => String(randomInt(100_000, 1_000_000))
const hashed = (password: string): string => createHash('sha256').update(password).digest('hex')

const setPassword = (user: User, password: string, at: Date): void => {
  checkPassword(password)
  user.password = hashed(password)
  user.modified = at
}

const useCode = (user: User, purpose: 'sign-up' | 'password', value: string): void => {
  if (user.code?.purpose !== purpose || user.code.value !== value)
    throw new CognitoFault('CodeMismatchException', 'Invalid verification code provided, please try again.')
  user.code = undefined
  user.attributes.set('email_verified', 'true')
}

/** Who is in the pool. Their names are addresses, however they are typed. */
const register = (now: () => Date) => {
  const bySub = new Map<string, User>()
  const find = (name: string): User | undefined =>
    bySub.get(name) ?? [...bySub.values()].find(({ attributes }) => attributes.get('email')?.toLowerCase() === name.toLowerCase())
  return {
    find,
    get: (name: string): User => find(name) ?? missing(),
    remove: (user: User): void => void bySub.delete(user.sub),
    all: (): User[] => [...bySub.values()],
    add(email: string, given: readonly [string, string][], status: User['status']): User {
      if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new CognitoFault('InvalidParameterException', 'Username should be an email.')
      if (find(email)) throw new CognitoFault('UsernameExistsException', 'An account with the given email already exists.')
      const sub = randomUUID()
      const attributes = new Map([['sub', sub], ['email', email], ...given])
      const user: User = { sub, attributes, status, isEnabled: true, password: undefined, groups: new Set(), created: now(), modified: now(), code: undefined }
      bySub.set(sub, user)
      return user
    },
  }
}

/** The people of a pool, and how they come, forget and sign in. */
export const users = ({ region, poolId, clientId, groups, now, onConfirmed }: UsersOptions) => {
  const people = register(now)
  const tell = (user: User, triggerSource: Confirmation['triggerSource']): Promise<void> =>
    onConfirmed({
      ...{ version: '1', region, userPoolId: poolId, userName: user.sub, triggerSource, response: {} },
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
      request: { userAttributes: { ...Object.fromEntries(user.attributes), 'cognito:user_status': user.status } },
    })

  return {
    ...people,
    setPassword: (user: User, password: string): void => setPassword(user, password, now()),
    group(user: User, name: string, isIn: boolean): void {
      if (!groups.includes(name)) throw new CognitoFault('ResourceNotFoundException', 'Group not found.')
      if (isIn) user.groups.add(name)
      else user.groups.delete(name)
    },
    signUp(email: string, password: string, given: readonly [string, string][]): User {
      checkPassword(password)
      const user = people.add(email, [['email_verified', 'false'], ...given], 'UNCONFIRMED')
      setPassword(user, password, now())
      user.code = { purpose: 'sign-up', value: aCode() }
      return user
    },
    async confirm(user: User, code: string): Promise<void> {
      if (user.status === 'CONFIRMED') throw new CognitoFault('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED')
      useCode(user, 'sign-up', code)
      user.status = 'CONFIRMED'
      await tell(user, 'PostConfirmation_ConfirmSignUp')
    },
    forget(user: User): void {
      if (user.attributes.get('email_verified') !== 'true')
        throw new CognitoFault('InvalidParameterException', 'Cannot reset password for the user as there is no registered/verified email or phone_number')
      user.code = { purpose: 'password', value: aCode() }
    },
    async choosePassword(user: User, code: string, password: string): Promise<void> {
      checkPassword(password)
      useCode(user, 'password', code)
      setPassword(user, password, now())
      user.status = 'CONFIRMED'
      await tell(user, 'PostConfirmation_ConfirmForgotPassword')
    },
    /** Whoever this name and password belong to, if they may sign in. An unknown name is answered as a wrong password is. */
    signIn(name: string, password: string): User {
      const user = people.find(name)
      if (!user || user.password !== hashed(password)) throw new CognitoFault('NotAuthorizedException', 'Incorrect username or password.')
      if (!user.isEnabled) throw new CognitoFault('NotAuthorizedException', 'User is disabled.')
      if (user.status === 'UNCONFIRMED') throw new CognitoFault('UserNotConfirmedException', 'User is not confirmed.')
      return user
    },
  }
}

export type Users = ReturnType<typeof users>
