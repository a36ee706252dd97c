import { createHash } from 'node:crypto'
import { ACCOUNT, REGION } from '../endpoint.ts'
import { secretArn } from '../secrets.ts'

/** What CloudFormation gives a resource: what `Ref` answers, and its attributes. */
export type Identity = { ref: string; attributes: Record<string, string> }

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const arn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`

/** Stands for the moment of creation that a stream's ARN ends with. */
export const STREAM = '2026-01-01T00:00:00.000'

type Named = { stack: string; id: string; said(property: string): string | undefined }

const NAMERS: Record<string, (named: Named) => Identity> = {
  'AWS::DynamoDB::Table': ({ stack, id, said }) => {
    const ref = said('TableName') ?? `${stack}-${id}`
    const Arn = arn('dynamodb', `table/${ref}`)
    return { ref, attributes: { Arn, StreamArn: `${Arn}/stream/${STREAM}` } }
  },
  'AWS::S3::Bucket': ({ stack, id, said }) => {
    const ref = said('BucketName') ?? `${stack.slice(-36)}-${id.slice(0, 16)}`.toLowerCase().replace(/^[^a-z0-9]+/, '')
    const host = `${ref}.s3.${REGION}.amazonaws.com`
    return { ref, attributes: { Arn: `arn:aws:s3:::${ref}`, RegionalDomainName: host, DomainName: `${ref}.s3.amazonaws.com` } }
  },
  'AWS::SQS::Queue': ({ stack, id, said }) => {
    const name = said('QueueName') ?? `${stack}-${id}`
    return { ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`, attributes: { Arn: arn('sqs', name), QueueName: name } }
  },
  'AWS::Lambda::Function': ({ stack, id, said }) => {
    const ref = said('FunctionName') ?? `${stack}-${id}`
    return { ref, attributes: { Arn: arn('lambda', `function:${ref}`) } }
  },
  'AWS::IAM::Role': ({ stack, id, said }) => {
    const ref = said('RoleName') ?? `${stack.slice(-30)}-${id.slice(0, 30)}`
    return { ref, attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${ref}`, RoleId: `AROA${hash(ref).slice(0, 16).toUpperCase()}` } }
  },
  'AWS::Events::EventBus': ({ id, said }) => {
    const ref = said('Name') ?? id
    return { ref, attributes: { Arn: arn('events', `event-bus/${ref}`), Name: ref } }
  },
  'AWS::SNS::Topic': ({ id, said }) => {
    const name = said('TopicName') ?? id
    return { ref: arn('sns', name), attributes: { TopicArn: arn('sns', name), TopicName: name } }
  },
  'AWS::SecretsManager::Secret': ({ id, said }) => ({ ref: secretArn(said('Name') ?? id), attributes: {} }),
  'AWS::Cognito::UserPool': ({ id }) => {
    const ref = `${REGION}_${hash(id).slice(0, 9)}`
    return { ref, attributes: { Arn: arn('cognito-idp', `userpool/${ref}`), UserPoolId: ref } }
  },
  'AWS::Cognito::UserPoolClient': ({ id }) => ({ ref: hash(id).slice(0, 26), attributes: {} }),
  'AWS::MediaConvert::Queue': ({ id, said }) => {
    const ref = said('Name') ?? id
    return { ref, attributes: { Arn: arn('mediaconvert', `queues/${ref}`), Name: ref } }
  },
  'AWS::ECS::Cluster': ({ id, said }) => {
    const ref = said('ClusterName') ?? id
    return { ref, attributes: { Arn: arn('ecs', `cluster/${ref}`) } }
  },
  'AWS::ECS::TaskDefinition': ({ id, said }) => {
    const ref = arn('ecs', `task-definition/${said('Family') ?? id}:1`)
    return { ref, attributes: { TaskDefinitionArn: ref } }
  },
  'AWS::EC2::Subnet': ({ stack, id }) => {
    const ref = `subnet-${hash(`${stack} ${id}`).slice(0, 17)}`
    return { ref, attributes: { SubnetId: ref } }
  },
  'AWS::EC2::SecurityGroup': ({ stack, id }) => {
    const ref = `sg-${hash(`${stack} ${id}`).slice(0, 17)}`
    return { ref, attributes: { GroupId: ref } }
  },
  'AWS::CloudFront::Distribution': ({ id }) => {
    const ref = `E${hash(id).slice(0, 13).toUpperCase()}`
    return { ref, attributes: { Id: ref, DomainName: `d${hash(id).slice(0, 13)}.cloudfront.net` } }
  },
  'AWS::CloudFront::PublicKey': ({ id }) => ({ ref: `K${hash(id).slice(0, 13).toUpperCase()}`, attributes: {} }),
  'AWS::CloudFront::Function': ({ id, said }) => {
    const FunctionARN = `arn:aws:cloudfront::${ACCOUNT}:function/${said('Name') ?? id}`
    return { ref: FunctionARN, attributes: { FunctionARN } }
  },
}

/** Anything else has a short id, and an ARN if it is asked for one. */
const plainly = ({ stack, id }: Named): Identity => {
  const ref = hash(`${stack} ${id}`).slice(0, 10)
  return { ref, attributes: { Arn: arn('made-up', `${id}/${ref}`) } }
}

/** The same resource has the same name at every deployment, as it has on AWS. */
export const identify = (type: string, named: Named): Identity => (NAMERS[type] ?? plainly)(named)
