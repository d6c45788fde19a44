import type { Category } from './distributions';
import type { Random } from './random';

/** Words a category's product names are made of. Brands are invented. */
interface Vocabulary {
  /** As in SKU-ELC-00912. */
  readonly sku: string;
  readonly brands: readonly string[];
  readonly lines: readonly string[];
  /** By sub-category, in the order of its profile. */
  readonly nouns: Readonly<Record<string, readonly string[]>>;
}

export const VOCABULARIES: Readonly<Record<Category, Vocabulary>> = {
  electronics: {
    sku: 'ELC',
    brands: ['Voltura', 'Nexon', 'Auralis', 'Kiyomi', 'Zentek', 'Pixelon'],
    lines: ['X1', 'Pro 5', 'Air', 'Ultra', 'Neo', 'Lite 3', 'Max', 'S20', 'Edge', 'One'],
    nouns: {
      smartphones: ['Smartphone', '5G Phone'],
      laptops: ['Laptop', 'Ultrabook'],
      audio_headphones: ['Headphones', 'Wireless Earbuds'],
      cameras: ['Mirrorless Camera', 'Action Camera'],
      tablets: ['Tablet', 'Drawing Tablet'],
      wearables: ['Smartwatch', 'Fitness Band'],
    },
  },
  clothing: {
    sku: 'CLO',
    brands: ['Marigold', 'Threadneedle', 'Urban Loom', 'Kavya', 'Northstep', 'Saanjh'],
    lines: ['Classic', 'Slim-Fit', 'Everyday', 'Linen', 'Festive', 'Coastal', 'Heritage', 'Monsoon'],
    nouns: {
      mens_shirts: ['Oxford Shirt', 'Kurta Shirt'],
      womens_dresses: ['Midi Dress', 'Wrap Dress'],
      shoes: ['Sneakers', 'Loafers'],
      activewear: ['Training Tights', 'Running Tee'],
      accessories: ['Leather Belt', 'Silk Scarf'],
    },
  },
  grocery: {
    sku: 'GRO',
    brands: ['Green Valley', 'Annapurna', 'Sunfield', 'Daily Basket', 'Hillside', 'Mithra'],
    lines: ['Farm', 'Golden', 'Classic', 'Select', 'Homestyle', 'Natural', 'Family', 'Malabar'],
    nouns: {
      dairy: ['Paneer', 'Greek Yoghurt'],
      snacks: ['Masala Cashews', 'Banana Chips'],
      beverages: ['Darjeeling Tea', 'Mango Juice'],
      frozen: ['Vegetable Momos', 'Garden Peas'],
      organic: ['Basmati Rice', 'Raw Honey'],
      bakery: ['Sourdough Loaf', 'Butter Cookies'],
    },
  },
  home_garden: {
    sku: 'HOM',
    brands: ['Teakwood & Co', 'Casa Verde', 'Homestead', 'Lumino', 'Gulmohar'],
    lines: ['Modern', 'Rustic', 'Compact', 'Signature', 'Terrace', 'Comfort', 'Nordic', 'Royal'],
    nouns: {
      furniture: ['Bookshelf', 'Coffee Table'],
      kitchen: ['Pressure Cooker', 'Knife Set'],
      bedding: ['Cotton Bedsheet', 'Memory Foam Pillow'],
      garden_tools: ['Pruning Shears', 'Watering Can'],
      lighting: ['Floor Lamp', 'Pendant Light'],
    },
  },
  sports: {
    sku: 'SPO',
    brands: ['Trailhead', 'Velociti', 'Stumpline', 'Aquaform', 'Ironleaf'],
    lines: ['Pro', 'Endurance', 'Club', 'Summit', 'Sprint', 'Match', 'Elite', 'Trainer'],
    nouns: {
      fitness: ['Yoga Mat', 'Adjustable Dumbbells'],
      outdoor: ['Trekking Backpack', 'Camping Tent'],
      team_sports: ['Cricket Bat', 'Football'],
      cycling: ['Road Bike Helmet', 'Hybrid Bicycle'],
      swimming: ['Swim Goggles', 'Training Fins'],
    },
  },
  beauty: {
    sku: 'BEA',
    brands: ['Rosewater', 'Ayurva', 'Lotus Lane', 'Velvetine', 'Chandan'],
    lines: ['Radiance', 'Hydra', 'Pure', 'Botanical', 'Silk', 'Glow', 'Repair', 'Midnight'],
    nouns: {
      skincare: ['Face Serum', 'Day Cream'],
      makeup: ['Matte Lipstick', 'Kajal Pencil'],
      haircare: ['Argan Shampoo', 'Coconut Hair Oil'],
      fragrance: ['Eau de Parfum', 'Attar'],
      supplements: ['Collagen Powder', 'Biotin Capsules'],
    },
  },
  automotive: {
    sku: 'AUT',
    brands: ['Torqline', 'Motorax', 'Highway One', 'Gripson', 'Autoveda'],
    lines: ['Heavy Duty', 'Street', 'All-Season', 'Premium', 'Workshop', 'Touring', 'Rapid', 'Basic'],
    nouns: {
      parts: ['Brake Pads', 'Air Filter'],
      accessories: ['Seat Cover Set', 'Phone Mount'],
      tools: ['Socket Wrench Set', 'Tyre Inflator'],
      car_care: ['Car Shampoo', 'Wax Polish'],
      electronics: ['Dash Camera', 'Parking Sensor'],
    },
  },
  books: {
    sku: 'BOO',
    brands: ['Banyan Press', 'Inkwell House', 'Lighthouse Books', 'Paper Boat', 'Meridian'],
    lines: [
      'Illustrated',
      'Collected',
      'Essential',
      'Pocket',
      'Anniversary',
      'Annotated',
      'Complete',
      'Modern',
    ],
    nouns: {
      fiction: ['Monsoon Novel', 'Mystery Stories'],
      non_fiction: ['History of Trade', 'Travel Essays'],
      textbooks: ['Statistics Textbook', 'Physics Textbook'],
      children: ['Bedtime Tales', 'Alphabet Book'],
      comics: ['Graphic Novel', 'Comic Omnibus'],
    },
  },
  toys: {
    sku: 'TOY',
    brands: ['Little Banyan', 'Playmill', 'Toybox', 'Chatur', 'Rangoli Kids'],
    lines: ['Junior', 'Deluxe', 'Adventure', 'Classic', 'Mini', 'Giant', 'Wonder', 'Starter'],
    nouns: {
      action_figures: ['Space Ranger Figure', 'Knight Figure'],
      board_games: ['Strategy Board Game', 'Word Game'],
      educational: ['Building Blocks', 'Science Kit'],
      outdoor: ['Kite Set', 'Scooter'],
      dolls: ['Rag Doll', 'Doll House'],
    },
  },
  pharmacy: {
    sku: 'PHA',
    brands: ['Medivra', 'Sanjeevani', 'Wellnest', 'Curapath', 'Tulsi Health'],
    lines: ['Daily', 'Rapid', 'Gentle', 'Extra', 'Family', 'Advanced', 'Herbal', 'Travel'],
    nouns: {
      otc_medicine: ['Cough Syrup', 'Pain Relief Gel'],
      vitamins: ['Multivitamin Tablets', 'Vitamin D3 Drops'],
      first_aid: ['First Aid Kit', 'Bandage Roll'],
      personal_care: ['Antiseptic Handwash', 'Dental Care Set'],
      baby_care: ['Baby Lotion', 'Nappy Cream'],
    },
  },
};

/** A brand and a full name, like `Auralis` and `Auralis Pro 5 Headphones`. */
export function nameProduct(
  random: Random,
  category: Category,
  subCategory: string,
): { readonly brand: string; readonly name: string } {
  const { brands, lines, nouns } = VOCABULARIES[category];
  const brand = random.pick(brands);
  return { brand, name: `${brand} ${random.pick(lines)} ${random.pick(nouns[subCategory] ?? [])}` };
}
