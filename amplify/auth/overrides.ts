import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { CfnIdentityPool, CfnUserPool, CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito'
import { CfnIdentityPoolPrincipalTag, CfnManagedLoginBranding, CfnUserPoolDomain, type IUserPool } from 'aws-cdk-lib/aws-cognito'
import { CfnRole, type IRole } from 'aws-cdk-lib/aws-iam'
import { passwordLength } from '../../homes/aws/wiring.ts'
import { acknowledge } from '../lib/nag.ts'
import { arnOf } from '../lib/names.ts'
import type { Plan } from '../lib/plan.ts'

type Auth = {
  userPool: IUserPool
  cfnResources: { cfnUserPool: CfnUserPool; cfnUserPoolClient: CfnUserPoolClient; cfnIdentityPool: CfnIdentityPool }
  authenticatedUserIamRole: IRole
  groups: Readonly<Record<string, { role: IRole }>>
}

const MINUTES_OF_ACCESS = 15
const DAYS_OF_SESSION = 30

/** A pool nobody removes by accident, with passwords as long as those at home. */
const keepPool = ({ userPool, cfnResources: { cfnUserPool } }: Auth): void => {
  userPool.applyRemovalPolicy(RemovalPolicy.RETAIN)
  cfnUserPool.deletionProtection = 'ACTIVE'
  cfnUserPool.policies = {
    passwordPolicy: {
      minimumLength: passwordLength,
      requireLowercase: false,
      requireUppercase: false,
      requireNumbers: false,
      requireSymbols: false,
      temporaryPasswordValidityDays: 3,
    },
    // A passkey in place of the password, which the account page leads to; it belongs to the login's own domain.
    signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] },
  }
  cfnUserPool.addPropertyOverride('WebAuthnUserVerification', 'required')
  acknowledge(
    cfnUserPool,
    'Ten characters and no classes of signs: length is what makes guessing dear, and classes are what people forget. The same in every home.',
    'AwsSolutions-COG1',
  )
  acknowledge(
    cfnUserPool,
    'Threat protection is of a tier priced per learner; sign-in is limited by Cognito, and a second factor is offered to everybody.',
    'AwsSolutions-COG8',
  )
  acknowledge(
    cfnUserPool,
    'A second factor is offered and not demanded: learners come once a week, and a lost telephone must not cost them what they bought.',
    'AwsSolutions-COG2',
  )
}

/** Cognito by itself sends fifty letters a day for the whole account: a school that opens needs more. */
const sendCodes = ({ cfnResources: { cfnUserPool } }: Auth, { codesFrom }: Plan): void => {
  if (codesFrom === undefined) return
  const sourceArn = arnOf('ses', `identity/${codesFrom.split('@').at(-1)}`)
  cfnUserPool.emailConfiguration = { emailSendingAccount: 'DEVELOPER', from: codesFrom, sourceArn }
}

/** OpenID Connect with code and PKCE on Cognito's own pages, as the web app speaks it to any provider. */
const openLogin = ({ cfnResources: { cfnUserPool, cfnUserPoolClient } }: Auth, { names, url }: Plan): void => {
  const scope = Stack.of(cfnUserPool)
  Object.assign(cfnUserPoolClient, {
    generateSecret: false,
    allowedOAuthFlowsUserPoolClient: true,
    allowedOAuthFlows: ['code'],
    allowedOAuthScopes: ['openid', 'email', 'profile'],
    supportedIdentityProviders: ['COGNITO'],
    // The account page is where the pool's page for passkeys leads back to.
    callbackUrLs: [`${url}/signed-in`, `${url}/account`],
    logoutUrLs: [`${url}/`],
    explicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    preventUserExistenceErrors: 'ENABLED',
    enableTokenRevocation: true,
    accessTokenValidity: MINUTES_OF_ACCESS,
    idTokenValidity: MINUTES_OF_ACCESS,
    refreshTokenValidity: DAYS_OF_SESSION,
    tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days' },
  })
  const domain = new CfnUserPoolDomain(scope, 'sign-in', { userPoolId: cfnUserPool.ref, domain: names.signIn, managedLoginVersion: 2 })
  const look = new CfnManagedLoginBranding(scope, 'sign-in-look', {
    userPoolId: cfnUserPool.ref,
    clientId: cfnUserPoolClient.ref,
    useCognitoProvidedValues: true,
  })
  look.addResourceDependency(domain)
}

/**
 * Whoever shows the pool's ID token is given keys for an hour, of the role of their group, which say whose they are: `aws:PrincipalTag/sub`.
 * Claim and tag are called the same. Asked at each exchange is whether the person is still let in.
 */
const tellWhose = ({ cfnResources, authenticatedUserIamRole, groups }: Auth): void => {
  const { cfnIdentityPool, cfnUserPool } = cfnResources
  cfnIdentityPool.allowUnauthenticatedIdentities = false
  cfnIdentityPool.addPropertyOverride('CognitoIdentityProviders.0.ServerSideTokenCheck', true)
  const identityProviderName = `cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${cfnUserPool.ref}`
  new CfnIdentityPoolPrincipalTag(Stack.of(cfnIdentityPool), 'whose', {
    ...{ identityPoolId: cfnIdentityPool.ref, identityProviderName, useDefaults: false },
    principalTags: { sub: 'sub' },
  })
  for (const role of [authenticatedUserIamRole, ...Object.values(groups).map((group) => group.role)]) {
    const made = role.node.defaultChild
    if (!CfnRole.isCfnRole(made)) throw new Error('Amplify has made a role that is none.')
    made.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Action', ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'])
  }
}

/** What Amplify leaves open or would delete. */
export const overrideAuth = (auth: Auth, plan: Plan): void => {
  keepPool(auth)
  sendCodes(auth, plan)
  openLogin(auth, plan)
  tellWhose(auth)
}
