package io.millrace.spark;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.spark.SparkConf;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * How many tasks of a pool may run at once: the element maxShare of a pool in Spark's allocation file, beside minShare.
 * Spark itself reads past elements that it does not know. A pool without one has no maximum.
 */
final class MaxShares {

  private static final String ALLOCATION_FILE = "spark.scheduler.allocation.file";

  private final Map<String, Integer> byPool;

  private MaxShares(Map<String, Integer> byPool) {
    this.byPool = byPool;
  }

  /** @throws IllegalArgumentException if the file cannot be read, or a maximum is no whole number from 1 */
  static MaxShares of(SparkConf conf) {
    return conf.contains(ALLOCATION_FILE) ? read(new File(conf.get(ALLOCATION_FILE))) : new MaxShares(Map.of());
  }

  static MaxShares read(File allocations) {
    Map<String, Integer> byPool = new HashMap<>();
    NodeList pools = parse(allocations).getElementsByTagName("pool");
    for (int index = 0; index < pools.getLength(); index++) {
      Element pool = (Element) pools.item(index);
      NodeList maximum = pool.getElementsByTagName("maxShare");
      if (maximum.getLength() > 0) {
        String name = pool.getAttribute("name");
        byPool.put(name, tasksOf(name, maximum.item(0).getTextContent()));
      }
    }
    return new MaxShares(byPool);
  }

  int of(String pool) {
    return byPool.getOrDefault(pool, Integer.MAX_VALUE);
  }

  private static Document parse(File allocations) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(allocations);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalArgumentException("Cannot read the pools of " + allocations + ": " + e.getMessage(), e);
    }
  }

  private static int tasksOf(String pool, String text) {
    try {
      int tasks = Integer.parseInt(text.strip());
      if (tasks >= 1) {
        return tasks;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number that is too small.
    }
    throw new IllegalArgumentException(
        "The maxShare of pool '" + pool + "' is '" + text.strip() + "', expected a whole number from 1");
  }
}
