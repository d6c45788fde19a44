import type { TransactionEvent } from '@millrace/domain';

const text = (value: string | null): string => (value === null ? 'null' : `"${value}"`);

/**
 * What `JSON.stringify` gives for an event of `makeTransaction`, in a third of the time. Only for these: their texts hold
 * nothing that JSON escapes.
 */
export function transactionJson(event: TransactionEvent): string {
  return (
    `{"transaction_id":"${event.transaction_id}","event_timestamp":"${event.event_timestamp}"` +
    `,"processing_timestamp":${text(event.processing_timestamp)},"customer_id":"${event.customer_id}"` +
    `,"customer_tier":${text(event.customer_tier)},"product_id":"${event.product_id}"` +
    `,"product_name":"${event.product_name}","category":"${event.category}"` +
    `,"sub_category":${text(event.sub_category)},"brand":${text(event.brand)},"quantity":${event.quantity}` +
    `,"unit_price":${event.unit_price},"discount_percent":${event.discount_percent}` +
    `,"total_amount":${event.total_amount},"tax_amount":${event.tax_amount},"currency":"${event.currency}"` +
    `,"payment_method":"${event.payment_method}","card_network":${text(event.card_network)}` +
    `,"transaction_status":"${event.transaction_status}","channel":"${event.channel}"` +
    `,"store_id":${text(event.store_id)},"region":"${event.region}","city":"${event.city}"` +
    `,"state":${text(event.state)},"postal_code":${text(event.postal_code)}` +
    `,"device_type":${text(event.device_type)},"session_id":${text(event.session_id)}` +
    `,"ip_address":${text(event.ip_address)},"is_fraudulent":${event.is_fraudulent}` +
    `,"fraud_score":${event.fraud_score},"batch_id":${text(event.batch_id)}}`
  );
}
